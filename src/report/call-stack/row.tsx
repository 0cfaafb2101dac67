import { useContext } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { counted, recursionText, visible } from '../../render/text.ts'
import type { Frame } from '../../session/frame.ts'
import { PageContext } from '../context.ts'
import { formatTime, frameName } from '../format.ts'
import type { PageOptions } from '../options.ts'
import { Place } from '../place.tsx'
import { Marked } from '../search/marked.tsx'
import { SplitBar } from '../split-bar.tsx'
import { splitOf } from '../split.ts'
import type { Row } from './rows.ts'

interface RowProps {
  row: Row
  index: number
  selected: boolean
  /** Whether a search is active that does not find this frame. */
  dimmed: boolean
  /** Milliseconds of the whole request. */
  duration: number
  unit: PageOptions['unit']
  /** Pixels from the left edge of the tree for each level. */
  indent: number
}

/** The id of a row's element, for `aria-activedescendant`. */
export function rowElementId(row: Row): string {
  return `row-${row.id}`
}

/** One frame: its time, how that splits by state, its name, its place and what is folded into it. */
export function RowLine(props: RowProps): JSX.Element {
  const { row, index, selected, dimmed, duration, unit, indent } = props
  const { frame } = row
  const { options, pattern } = useContext(PageContext)
  return (
    <div
      role="treeitem"
      id={rowElementId(row)}
      class={`${rowClass(frame, selected)}${dimmed ? ' dimmed' : ''}`}
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.open === undefined ? undefined : String(row.open)}
      aria-selected={String(selected)}
      data-row={index}
    >
      <span class="row-figures">
        <span class={`row-time ${heat(frame.time / duration)}`}>
          <Time text={formatTime(frame.time, duration, unit)} />
        </span>
        <SplitBar split={splitOf(frame)} whole={duration} />
      </span>
      <span class="row-call" style={{ paddingLeft: `${row.depth * indent}px` }}>
        <span
          class="twisty"
          data-do={row.open === undefined ? undefined : 'toggle'}
          aria-hidden="true"
        >
          {row.open === undefined ? '' : row.open ? '▾' : '▸'}
        </span>
        <span class="name">
          <Marked text={frameName(frame)} pattern={frame.isSynthetic ? undefined : pattern} />
        </span>
        <span class="location">
          {!frame.isSynthetic && <Place record={frame.record} options={options} />}
        </span>
        {frame.recursionDepth > 1 && <span class="recursion">{recursionText(frame)}</span>}
        {row.foldable && (
          <span class="fold" data-do="fold">
            {row.folded > 0 ? foldText(row) : 'fold'}
          </span>
        )}
      </span>
    </div>
  )
}

/** A time without its unit to look at, since a column of them has the same, and with it to listen to. */
function Time({ text }: { text: string }): JSX.Element {
  const [figure, unit] = text.split(' ')
  return (
    <>
      {figure}
      {unit && <span class="unseen"> {unit}</span>}
    </>
  )
}

function foldText({ folded, frame }: Row): string {
  const libraries = frame.group!.libraries.map(visible)
  return libraries.length > 0
    ? `${counted(folded, 'frame')} hidden: ${libraries.slice(0, 3).join(', ')}`
    : `${counted(folded, 'frame')} hidden`
}

function rowClass(frame: Frame, selected: boolean): string {
  const kind = frame.isSynthetic
    ? `synthetic ${frame.function.slice(1, -1)}`
    : frame.isApplicationCode || !frame.parent
      ? 'app'
      : 'library'
  return `row ${kind}${selected ? ' selected' : ''}`
}

/** How much a share of the request stands out. */
function heat(share: number): string {
  return share > 0.6 ? 'hot' : share > 0.3 ? 'warm' : share > 0.1 ? 'mild' : 'cool'
}
