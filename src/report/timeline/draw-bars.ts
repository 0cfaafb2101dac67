import { DIMMED, fitText } from '../canvas/boxes.ts'
import { shortName } from '../format.ts'
import type { Bar } from './bars.ts'
import type { BarCanvas } from './painter.ts'
import type { Scene } from './scene.ts'
import { xOf } from './scene.ts'

/** Pixels; `.bars` in timeline.css leaves room for whole rows. */
export const BAR_HEIGHT = 20
const LABEL_PADDING = 4
/** How thick the mark of the critical path is. */
const EDGE = 3

type Context = CanvasRenderingContext2D
type View = Pick<Scene, 'range' | 'width' | 'theme' | 'stripes'>

/** Draws bars on the time axis of the chart; names stand in them, or beside them where there is room. */
export function drawBars(
  context: Context,
  view: View,
  { bars, selected, isLit }: BarCanvas,
  height: number
): void {
  const { theme, width } = view
  context.fillStyle = theme.background
  context.fillRect(0, 0, width, height)
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  const nextInRow: number[] = []
  for (let i = bars.length - 1; i >= 0; i--) {
    const bar = bars[i]!
    const left = xOf(view, bar.start)
    const right = Math.max(left + 2, xOf(view, bar.end))
    if (right >= 0 && left <= width) {
      context.globalAlpha = isLit(bar) ? 1 : DIMMED
      drawBar(context, view, bar, left, right, nextInRow[bar.row] ?? width)
      context.globalAlpha = 1
    }
    nextInRow[bar.row] = left
    if (bar === selected) {
      context.strokeStyle = theme.accent
      context.lineWidth = 2
      context.strokeRect(left, bar.row * BAR_HEIGHT + 2, right - left, BAR_HEIGHT - 4)
    }
  }
}

function drawBar(
  context: Context,
  view: View,
  bar: Bar,
  left: number,
  right: number,
  next: number
): void {
  const { theme, width } = view
  const top = bar.row * BAR_HEIGHT + 2
  const tall = BAR_HEIGHT - 4
  if (bar.kind === 'wait') {
    drawWait(context, view, bar, left, right, top)
  } else {
    context.fillStyle =
      bar.kind === 'user' ? theme.packages[2]! : theme.packages[bar.kind === 'handler' ? 0 : 1]!
    context.fillRect(left, top, right - left - 1, tall)
  }
  const middle = top + (tall - (bar.critical ? EDGE : 0)) / 2
  const from = Math.max(0, left)
  const inside = Math.min(width, right) - from
  const name = shortName(bar.name)
  context.fillStyle = theme.text
  const fits = context.measureText(name).width <= inside - 2 * LABEL_PADDING
  if (fits || inside > 60) {
    const text = fitText(context, name, inside - 2 * LABEL_PADDING)
    context.fillText(text, from + LABEL_PADDING, middle)
  } else {
    const text = fitText(context, name, next - right - 2 * LABEL_PADDING)
    context.fillText(text, right + LABEL_PADDING, middle)
  }
}

/** A thin line until it is awaited, then a bar; on the critical path with an edge below. */
function drawWait(
  context: Context,
  view: View,
  bar: Bar,
  left: number,
  right: number,
  top: number
): void {
  const { theme, stripes } = view
  const tall = BAR_HEIGHT - 4
  const awaited = Math.min(right - 2, Math.max(left, xOf(view, bar.awaited)))
  context.fillStyle = theme.states.await
  context.fillRect(left, top + tall / 2 - 2, awaited - left, 4)
  context.fillRect(awaited, top, right - awaited, tall)
  const hatch = stripes[2]
  if (hatch) {
    context.fillStyle = hatch
    context.fillRect(awaited, top, right - awaited, tall)
  }
  if (bar.critical) {
    context.fillStyle = theme.critical
    context.fillRect(left, top + tall - EDGE, right - left, EDGE)
  }
}
