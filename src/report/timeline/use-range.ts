import { useEffect, useRef } from 'hono/jsx/dom'
import type { RefObject } from 'hono/jsx/dom'
import type { Range } from '../canvas/range.ts'
import { rangeAround } from '../canvas/range.ts'
import type { ViewProps } from '../view.ts'
import type { Bar } from './bars.ts'
import type { Chart } from './chart.ts'

/**
 * Shows the stretch of time that a link asks for, else the evidence of a finding; and gives what tells the page where the
 * reader has gone from there.
 */
export function useRange(
  chart: RefObject<Chart | undefined>,
  { data, range, onRange }: ViewProps,
  evidence: readonly Bar[]
): (range: Range | undefined) => void {
  // What the chart shows already.
  const shown = useRef<{ range?: Range | undefined; evidence?: readonly Bar[] }>({})
  useEffect(() => {
    const isShown = sameRange(shown.current.range, range)
    if (!isShown || shown.current.evidence !== evidence) {
      const stretch = range ?? stretchOf(evidence, data.meta.duration)
      if (stretch || !isShown) {
        chart.current!.show(stretch)
      }
    }
    shown.current = { range, evidence }
  }, [evidence, range?.start, range?.end])
  return (next) => {
    shown.current = { ...shown.current, range: next }
    onRange(next)
  }
}

function sameRange(a: Range | undefined, b: Range | undefined): boolean {
  return a?.start === b?.start && a?.end === b?.end
}

/** From the first to the last of some bars, with room around. */
function stretchOf(bars: readonly Bar[], duration: number): Range | undefined {
  const [first] = bars
  const end = Math.max(...bars.map((bar) => bar.end))
  return first && rangeAround(first.start, end, duration)
}
