import { useEffect, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { visible } from '../../render/text.ts'
import type { Range } from '../canvas/range.ts'
import type { Hover } from '../canvas/tooltip.tsx'
import { Tooltip } from '../canvas/tooltip.tsx'
import { shortName } from '../format.ts'
import { barFacts, placeOfBar } from './bar-details.tsx'
import type { Bar } from './bars.ts'
import { barAt, rowCount } from './bars.ts'
import { BAR_HEIGHT } from './draw-bars.ts'

/** Pixels around a bar that still hit it. */
const SLACK = 4
/** Bars that are told one by one; the rest are counted. */
const TOLD = 100

interface BarBandProps {
  class: string
  /** What the bars are, as a heading. */
  title: string
  /** What their looks mean. */
  note?: string
  bars: readonly Bar[]
  duration: number
  selected: Bar | undefined
  /** Those that show the chosen finding. */
  marked: ReadonlySet<Bar> | undefined
  /** What the marked ones show. */
  finding: string | undefined
  onUnmark: () => void
  range: () => Range
  onSelect: (bar: Bar | undefined) => void
  /** Zooms to a bar. */
  onShow: (bar: Bar) => void
  onCanvas: (canvas: HTMLCanvasElement) => void
}

/** Bars on the axis of the timeline, with a list of the same for those who do not see them. */
export function BarBand(props: BarBandProps): JSX.Element {
  const { bars, duration, selected, marked, title } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hover, setHover] = useState<Hover | undefined>(undefined)
  useEffect(() => {
    props.onCanvas(canvas.current!)
  }, [bars])
  useEffect(() => {
    for (const bar of marked ?? []) {
      scrollTo(canvas.current!, bar)
      return
    }
  }, [bars, marked])

  const barUnder = (event: MouseEvent): Bar | undefined => {
    const { start, end } = props.range()
    const { clientWidth } = canvas.current!
    const perPixel = (end - start) / clientWidth
    const time = start + event.offsetX * perPixel
    return barAt(bars, Math.floor(event.offsetY / BAR_HEIGHT), time, SLACK * perPixel)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = barAfter(event.key, bars, selected)
    if (to) {
      event.preventDefault()
      props.onSelect(to)
      scrollTo(canvas.current!, to)
    } else if (event.key === 'Enter' && selected) {
      props.onShow(selected)
    } else if (event.key === 'Escape') {
      props.onSelect(undefined)
    }
  }
  return (
    <section class={`band ${props.class}`} aria-label={title}>
      <h3 class="band-title">
        {title}
        {props.note !== undefined && <span class="band-note">{props.note}</span>}
      </h3>
      {marked && (
        <p class="band-finding">
          <span>
            Marked: <b>{visible(props.finding ?? '')}</b>
          </span>
          <button type="button" onClick={props.onUnmark}>
            Clear marks
          </button>
        </p>
      )}
      <div class="band-scroller">
        <div class="band-chart" style={{ height: `${rowCount(bars) * BAR_HEIGHT}px` }}>
          <canvas
            ref={canvas}
            tabindex={0}
            role="application"
            aria-roledescription="bar chart in time"
            aria-label={`${title}. Arrows select, Enter zooms to the selection.`}
            onKeyDown={onKeyDown}
            onClick={(event: MouseEvent) => {
              props.onSelect(barUnder(event))
            }}
            onDblClick={(event: MouseEvent) => {
              const bar = barUnder(event)
              if (bar) {
                props.onShow(bar)
              }
            }}
            onMouseMove={(event: MouseEvent) => {
              const bar = barUnder(event)
              setHover(bar && hoverOf(bar, duration, event.offsetX, event.offsetY))
            }}
            onMouseLeave={() => {
              setHover(undefined)
            }}
          />
          {hover && <Tooltip hover={hover} />}
        </div>
      </div>
      <ol class="unseen">
        {bars.slice(0, TOLD).map((bar) => (
          <li>{toldBar(bar, duration, marked?.has(bar) === true)}</li>
        ))}
        {bars.length > TOLD && <li>{bars.length - TOLD} more</li>}
      </ol>
    </section>
  )
}

function toldBar(bar: Bar, duration: number, isMarked: boolean): string {
  const facts = [shortName(bar.name), ...barFacts(bar, duration), placeOfBar(bar)]
  return [...facts, ...(isMarked ? ['marked'] : [])].join(', ')
}

function barAfter(key: string, bars: readonly Bar[], selected: Bar | undefined): Bar | undefined {
  const index = selected ? bars.indexOf(selected) : -1
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return bars[Math.min(index + 1, bars.length - 1)]
    case 'ArrowLeft':
    case 'ArrowUp':
      return bars[Math.max(index - 1, 0)]
    case 'Home':
      return bars[0]
    case 'End':
      return bars.at(-1)
    default:
      return undefined
  }
}

function scrollTo(canvas: HTMLElement, { row }: Bar): void {
  const scroller = canvas.closest('.band-scroller')!
  const top = row * BAR_HEIGHT
  scroller.scrollTop = Math.min(
    top,
    Math.max(scroller.scrollTop, top + BAR_HEIGHT - scroller.clientHeight)
  )
}

function hoverOf(bar: Bar, duration: number, x: number, y: number): Hover {
  return { name: shortName(bar.name), facts: barFacts(bar, duration), place: placeOfBar(bar), x, y }
}
