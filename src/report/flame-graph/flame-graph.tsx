import { useEffect, useMemo, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { collapseAsyncWrappers } from '../../processors.ts'
import { milliseconds, percent } from '../../render/text.ts'
import type { Frame } from '../../session/frame.ts'
import type { SessionData } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import { LANE_HEIGHT } from '../canvas/boxes.ts'
import type { Hover } from '../canvas/tooltip.tsx'
import { Tooltip } from '../canvas/tooltip.tsx'
import { Details } from '../details.tsx'
import { frameName, location } from '../format.ts'
import { findSamePlace } from '../places.ts'
import { splitOf, stateLabels } from '../split.ts'
import type { ViewProps } from '../view.ts'
import { Breadcrumb } from './breadcrumb.tsx'
import { frameAfter } from './keyboard.ts'
import type { FlameBox } from './layout.ts'
import { depthOf, lineage, sortHeaviestFirst } from './layout.ts'
import type { FlamePainter } from './painter.ts'
import { createFlamePainter } from './painter.ts'

const HINT =
  'Click zooms to a frame, and again to its caller. Arrows select, Enter zooms, Escape or 0 shows everything.'

/** Calls of one function by one caller as one frame, as wide as their time, the heaviest first. */
export function FlameGraph({ data, selected, onSelect, isMatch }: ViewProps): JSX.Element {
  const root = useMemo(() => flameTree(data), [data])
  const deepest = useMemo(() => depthOf(root), [root])
  const place = useMemo(() => selected && findSamePlace(root, selected), [root, selected])
  const [zoomed, setZoomed] = useState<Frame | undefined>(undefined)
  const [hover, setHover] = useState<Hover | undefined>(undefined)
  const focus = focusOf(zoomed, place) ?? root
  const canvas = useRef<HTMLCanvasElement>(null)
  const scroller = useRef<HTMLElement>(null)
  const painter = useRef<FlamePainter | undefined>(undefined)

  useEffect(() => {
    const created = createFlamePainter(canvas.current!, scroller.current!, data, root)
    painter.current = created
    return () => {
      created.destroy()
    }
  }, [root])
  useEffect(() => {
    painter.current!.change({ focus, selected: place, isMatch })
  }, [root, focus, place, isMatch])
  useEffect(() => {
    if (place) {
      painter.current!.reveal(place)
    }
  }, [root, place])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return
    }
    const at = place ?? focus
    const to = place
      ? frameAfter(event.key, place)
      : event.key.startsWith('Arrow')
        ? focus
        : undefined
    if (event.key.startsWith('Arrow')) {
      event.preventDefault()
    }
    if (to) {
      onSelect(to)
    } else if (event.key === 'Enter') {
      setZoomed(at)
    } else if (event.key === 'Escape' || event.key === '0') {
      setZoomed(undefined)
    }
  }
  const onClick = (event: MouseEvent) => {
    const box = painter.current!.boxAt(event.offsetX, event.offsetY)
    if (box) {
      setZoomed(zoomTarget(box, focus))
      onSelect(box.frame)
    }
  }
  const onMouseMove = (event: MouseEvent) => {
    const box = painter.current!.boxAt(event.offsetX, event.offsetY)
    painter.current!.change({ hovered: box?.frame })
    const { scrollTop } = scroller.current!
    setHover(box && hoverOf(box, root.time, event.offsetX, event.offsetY - scrollTop))
  }
  return (
    <>
      <Breadcrumb focus={focus} onZoom={setZoomed} />
      <div class="flames">
        <div class="flames-scroller" ref={scroller}>
          <div style={{ height: `${(deepest + 1) * LANE_HEIGHT}px` }}>
            <canvas
              ref={canvas}
              tabindex={0}
              role="application"
              aria-roledescription="flame graph"
              aria-label={`Flame graph of ${milliseconds(root.time, root.time)}. ${HINT}`}
              onKeyDown={onKeyDown}
              onClick={onClick}
              onMouseMove={onMouseMove}
              onMouseLeave={() => {
                painter.current!.change({ hovered: undefined })
                setHover(undefined)
              }}
            />
          </div>
        </div>
        {hover && <Tooltip hover={hover} />}
      </div>
      <Details data={data} frame={place} hint={HINT} />
    </>
  )
}

function flameTree(data: SessionData): Frame {
  return sortHeaviestFirst(collapseAsyncWrappers(buildCallTree(data), {}))
}

/** What is zoomed, as long as the selection is in it or calls it; else what calls both. */
function focusOf(zoomed: Frame | undefined, selected: Frame | undefined): Frame | undefined {
  if (!zoomed || !selected) {
    return zoomed
  }
  const callers = new Set(lineage(zoomed))
  const common = lineage(selected).findLast((frame) => callers.has(frame))
  return common === selected ? zoomed : common
}

/** A click on what is zoomed already zooms out to its caller. */
function zoomTarget({ frame }: FlameBox, focus: Frame): Frame | undefined {
  const target = frame.isSynthetic ? frame.parent! : frame
  return target === focus ? focus.parent : target
}

function hoverOf({ frame }: FlameBox, duration: number, x: number, y: number): Hover {
  const ms = (time: number): string => milliseconds(time, duration)
  const split = splitOf(frame)
  const states = stateLabels
    .filter(({ state }) => split[state] > 0)
    .map(({ state, doing }) => `${ms(split[state])} ${doing}`)
  const whole = `${ms(frame.time)}, ${percent(frame.time, duration, 1)} of the request`
  return {
    name: frameName(frame),
    facts: frame.isSynthetic
      ? [whole]
      : [whole, `self ${ms(frame.totalSelfTime)}`, states.join(', ')],
    place: location(frame.record),
    x,
    y,
  }
}
