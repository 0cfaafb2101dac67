import { useContext, useEffect, useMemo, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { milliseconds } from '../../render/text.ts'
import type { Frame } from '../../session/frame.ts'
import type { SessionData } from '../../session/records.ts'
import { dimmedFunctions } from '../canvas/colours.ts'
import { rangeAround } from '../canvas/range.ts'
import type { Hover } from '../canvas/tooltip.tsx'
import { Tooltip } from '../canvas/tooltip.tsx'
import { PageContext } from '../context.ts'
import { Details } from '../details.tsx'
import { location, shortName } from '../format.ts'
import type { ViewProps } from '../view.ts'
import { BarBand } from './bar-band.tsx'
import { BarDetails } from './bar-details.tsx'
import type { Bar } from './bars.ts'
import { spanBars, waterfallOf } from './bars.ts'
import type { Chart } from './chart.ts'
import { createChart } from './chart.ts'
import { timelineCommand } from './keyboard.ts'
import type { Box, TimelineLayout } from './layout.ts'
import { layOutTimeline, timesOf } from './layout.ts'
import { Legend } from './legend.tsx'
import type { BarCanvas } from './painter.ts'
import { findBox, frameOf, recordOf } from './places.ts'
import { timelineSummary } from './summary.ts'
import { useRange } from './use-range.ts'

const HINT =
  'Wheel, pinch, + and − zoom; drag and arrows move; 0 shows everything. ' +
  'Click or Shift with arrows selects; Enter zooms to the selection.'

/** The calls in order of time, as a flame chart, with what was named above and what was awaited below. */
export function Timeline(props: ViewProps): JSX.Element {
  const { data, options, selected, onSelect, onOptions, isMatch, finding } = props
  const { appOnly } = options
  const { pattern } = useContext(PageContext)
  const layout = useMemo(() => layOutTimeline(data, appOnly), [data, appOnly])
  const { duration } = layout
  const waterfall = useMemo(() => waterfallOf(data), [data])
  const bands = useMemo(() => [bandOf(spanBars(data)), bandOf(waterfall.bars)], [data])
  const evidence = useMemo(() => waterfall.showing(finding?.waits ?? []), [waterfall, finding])
  const [spans, waits] = bands
  const marked = useMemo(() => (evidence.length > 0 ? new Set(evidence) : undefined), [evidence])
  const told = useMemo(() => timelineSummary(layout), [layout])
  const boxes = useMemo(() => new WeakMap<Frame, Box>(), [layout])
  const box = useMemo(
    () => selected && (boxes.get(selected) ?? findBox(data, layout, selected)),
    [layout, selected]
  )
  const shown = useMemo(() => box && frameOf(data, layout, box), [layout, box])
  const [bar, setBar] = useState<Bar | undefined>(undefined)
  const [hover, setHover] = useState<Hover | undefined>(undefined)
  const canvas = useRef<HTMLCanvasElement>(null)
  const minimap = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart | undefined>(undefined)

  useEffect(() => {
    const canvases = { chart: canvas.current!, minimap: minimap.current! }
    const drawn = bands.filter((band) => band.bars.length > 0)
    const before = chart.current?.range()
    const created = createChart(canvases, drawn, data, layout, {
      onSelect: (next) => {
        const frame = next && frameOf(data, layout, next)
        if (frame) {
          boxes.set(frame, next)
        }
        setBar(undefined)
        onSelect(frame)
      },
      onHover: (at, x, y) => {
        setHover(at && hoverOf(data, layout, at, x, y))
      },
      onRange: announce,
    })
    if (before) {
      created.show(before)
    }
    chart.current = created
    return () => {
      created.destroy()
    }
  }, [layout])
  useEffect(() => {
    chart.current!.select(box)
  }, [layout, box])
  useEffect(() => {
    const isFound = ({ name, function: record }: Bar): boolean =>
      !isMatch || pattern?.test(name) === true || (record !== undefined && isMatch(record))
    spans!.isLit = isFound
    waits!.isLit = (each) => isFound(each) && marked?.has(each) !== false
    chart.current!.showBars()
  }, [bands, layout, marked, isMatch])
  const announce = useRange(chart, props, evidence)
  useEffect(() => {
    chart.current!.dim(dimmedFunctions(data, isMatch))
  }, [layout, isMatch])

  const onKeyDown = (event: KeyboardEvent) => {
    const command = timelineCommand(event)
    if (command) {
      event.preventDefault()
      chart.current?.run(command)
    }
  }
  const selectBar = (next: Bar | undefined) => {
    for (const band of bands) {
      band.selected = next
    }
    setBar(next)
    chart.current!.showBars()
  }
  const bandProps = (band: BarCanvas) => ({
    bars: band.bars,
    duration,
    selected: bar,
    range: () => chart.current!.range(),
    onSelect: selectBar,
    onShow: (next: Bar) => {
      chart.current!.show(rangeAround(next.start, next.end, duration))
    },
    marked: band === waits ? marked : undefined,
    finding: finding?.title,
    onUnmark: () => {
      props.onFinding(undefined)
    },
    onCanvas: (element: HTMLCanvasElement) => {
      band.canvas = element
      chart.current?.showBars()
    },
  })
  return (
    <>
      <Legend
        data={data}
        appOnly={appOnly}
        onAppOnly={(checked) => {
          onOptions({ appOnly: checked })
        }}
      />
      <canvas class="minimap" ref={minimap} aria-hidden="true" />
      {spans!.bars.length > 0 && (
        <BarBand class="spans" title="Middleware and named parts" {...bandProps(spans!)} />
      )}
      <div class="chart">
        <canvas
          ref={canvas}
          tabindex={0}
          role="application"
          aria-roledescription="flame chart"
          aria-label={`Timeline of ${milliseconds(duration, duration)}. ${HINT}`}
          onKeyDown={onKeyDown}
        />
        {hover && <Tooltip hover={hover} />}
      </div>
      {waits!.bars.length > 0 && (
        <BarBand
          class="waits"
          title="Awaited operations"
          note="red edge: on the critical path; thin line: not awaited yet"
          {...bandProps(waits!)}
        />
      )}
      <ol class="unseen">
        {told.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ol>
      {bar ? (
        <BarDetails bar={bar} duration={duration} />
      ) : (
        <Details
          data={data}
          frame={shown}
          hint={HINT}
          when={box && `${milliseconds(box.start, duration)} to ${milliseconds(box.end, duration)}`}
        />
      )}
    </>
  )
}

function bandOf(bars: readonly Bar[]): BarCanvas {
  return { canvas: undefined, bars, selected: undefined, isLit: () => true }
}

function hoverOf(data: SessionData, layout: TimelineLayout, box: Box, x: number, y: number): Hover {
  const record = recordOf(data, layout, box)
  const ms = (time: number): string => milliseconds(time, layout.duration)
  const whole = ms(box.end - box.start)
  const isCall = box.state === undefined
  return {
    name: shortName(record.name),
    facts: [isCall ? `${whole}, self ${ms(timesOf(layout, box).self)}` : whole],
    place: location(record),
    x,
    y,
  }
}
