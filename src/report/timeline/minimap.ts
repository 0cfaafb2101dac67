import type { Range } from '../canvas/range.ts'
import { clampRange, panRange } from '../canvas/range.ts'
import { firstEndingAfter } from './layout.ts'
import type { Scene } from './scene.ts'

/** Draws the whole request, each moment in the colour of its state and as high as its stack, and marks the range. */
export function drawMinimap(
  context: CanvasRenderingContext2D,
  { layout, range, theme, stateColours }: Scene,
  width: number,
  height: number
): void {
  const { calls, nodes, states, ends, duration, lanes } = layout
  context.fillStyle = theme.background
  context.fillRect(0, 0, width, height)
  for (let x = 0; x < width; x++) {
    const sample = firstEndingAfter(ends, ((x + 0.5) / width) * duration)
    if (sample < ends.length) {
      const tall = 4 + (calls.depth[nodes[sample]!]! / lanes) * (height - 4)
      context.fillStyle = stateColours[states[sample]!]!
      context.fillRect(x, height - tall, 1, tall)
    }
  }
  const left = (range.start / duration) * width
  const right = (range.end / duration) * width
  context.globalAlpha = 0.7
  context.fillStyle = theme.background
  context.fillRect(0, 0, left, height)
  context.fillRect(right, 0, width - right, height)
  context.globalAlpha = 1
  context.strokeStyle = theme.muted
  context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), height - 1)
}

/**
 * Lets the pointer choose the range: dragging inside the marked range moves it, elsewhere it marks a new one.
 * Returns what detaches it.
 */
export function attachMinimap(
  canvas: HTMLElement,
  duration: number,
  getRange: () => Range,
  setRange: (range: Range) => void
): () => void {
  let drag: { from: number; range: Range | undefined } | undefined
  const timeOf = (event: PointerEvent): number => {
    const box = canvas.getBoundingClientRect()
    return ((event.clientX - box.left) / box.width) * duration
  }
  const onDown = (event: PointerEvent) => {
    const time = timeOf(event)
    const range = getRange()
    const isPartial = range.end - range.start < duration
    const isInside = isPartial && time >= range.start && time <= range.end
    drag = { from: time, range: isInside ? range : undefined }
    canvas.setPointerCapture(event.pointerId)
  }
  const onMove = (event: PointerEvent) => {
    if (!drag) {
      return
    }
    const time = timeOf(event)
    const { from, range } = drag
    setRange(
      range
        ? panRange(range, time - from, duration)
        : clampRange({ start: Math.min(from, time), end: Math.max(from, time) }, duration)
    )
  }
  const onUp = () => {
    drag = undefined
  }
  canvas.addEventListener('pointerdown', onDown)
  canvas.addEventListener('pointermove', onMove)
  canvas.addEventListener('pointerup', onUp)
  canvas.addEventListener('pointercancel', onUp)
  return () => {
    canvas.removeEventListener('pointerdown', onDown)
    canvas.removeEventListener('pointermove', onMove)
    canvas.removeEventListener('pointerup', onUp)
    canvas.removeEventListener('pointercancel', onUp)
  }
}
