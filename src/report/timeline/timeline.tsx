import { useEffect, useMemo, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { milliseconds } from '../../render/text.ts'
import { Details } from '../details.tsx'
import type { ViewProps } from '../view.ts'
import type { Chart } from './chart.ts'
import { createChart } from './chart.ts'
import { timelineCommand } from './keyboard.ts'
import type { Box } from './layout.ts'
import { layOutTimeline } from './layout.ts'
import { Legend } from './legend.tsx'
import { findBox } from './navigate.ts'
import { timelineSummary } from './summary.ts'
import type { Hover } from './tooltip.tsx'
import { Tooltip } from './tooltip.tsx'

const HINT =
  'Wheel, pinch, + and − zoom; drag and arrows move; 0 shows everything. ' +
  'Click or Shift with arrows selects; Enter zooms to the selection.'

/** The calls in order of time, as a flame chart. */
export function Timeline({ data, options, selected, onSelect, onOptions }: ViewProps): JSX.Element {
  const { appOnly } = options
  const layout = useMemo(() => layOutTimeline(data, appOnly), [data, appOnly])
  const box = useMemo(() => selected && findBox(layout, selected), [layout, selected])
  const told = useMemo(() => timelineSummary(layout), [layout])
  const [hover, setHover] = useState<Hover | undefined>(undefined)
  const canvas = useRef<HTMLCanvasElement>(null)
  const minimap = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart | undefined>(undefined)

  useEffect(() => {
    const canvases = { chart: canvas.current!, minimap: minimap.current! }
    const created = createChart(canvases, data, layout, {
      onSelect: (next) => {
        onSelect(next?.frame)
      },
      onHover: (at, x, y) => {
        setHover(at && { frame: at.frame, x, y })
      },
    })
    chart.current = created
    return () => {
      created.destroy()
    }
  }, [layout])
  useEffect(() => {
    chart.current!.select(box)
  }, [layout, box])

  const onKeyDown = (event: KeyboardEvent) => {
    const command = timelineCommand(event)
    if (command) {
      event.preventDefault()
      chart.current?.run(command)
    }
  }
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
      <div class="chart">
        <canvas
          ref={canvas}
          tabindex={0}
          role="application"
          aria-roledescription="flame chart"
          aria-label={`Timeline of ${milliseconds(layout.duration, layout.duration)}. ${HINT}`}
          onKeyDown={onKeyDown}
        />
        {hover && <Tooltip hover={hover} duration={layout.duration} />}
      </div>
      <ol class="unseen">
        {told.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ol>
      <Details
        frame={box?.frame}
        duration={layout.duration}
        hint={HINT}
        when={box && whenText(box, layout.duration)}
      />
    </>
  )
}

function whenText({ start, end }: Box, duration: number): string {
  return `${milliseconds(start, duration)} to ${milliseconds(end, duration)}`
}
