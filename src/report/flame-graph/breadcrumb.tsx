import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Frame } from '../../session/frame.ts'
import { frameName } from '../format.ts'
import { lineage } from './layout.ts'

/** The nearest callers that are named; those further out are counted. */
const NAMED = 4

interface BreadcrumbProps {
  focus: Frame
  onZoom: (frame: Frame | undefined) => void
}

/** The frame that is zoomed, behind its callers, each of which can be zoomed. */
export function Breadcrumb({ focus, onZoom }: BreadcrumbProps): JSX.Element {
  const frames = lineage(focus)
  const [root, ...rest] = frames
  const hidden = Math.max(0, rest.length - NAMED)
  return (
    <nav class="toolbar breadcrumb" aria-label="Zoomed frame and its callers">
      <ol>
        <Crumb frame={root!} isFocus={root === focus} onZoom={onZoom} />
        {hidden > 0 && <li class="crumbs-hidden">{hidden} more</li>}
        {rest.slice(hidden).map((frame) => (
          <Crumb frame={frame} isFocus={frame === focus} onZoom={onZoom} />
        ))}
      </ol>
    </nav>
  )
}

interface CrumbProps {
  frame: Frame
  isFocus: boolean
  onZoom: (frame: Frame | undefined) => void
}

function Crumb({ frame, isFocus, onZoom }: CrumbProps): JSX.Element {
  return (
    <li>
      <button
        type="button"
        aria-current={isFocus ? 'true' : undefined}
        onClick={() => {
          onZoom(frame.parent ? frame : undefined)
        }}
      >
        {frameName(frame)}
      </button>
    </li>
  )
}
