import type { Frame } from '../../session/frame.ts'
import { frameName } from '../format.ts'
import type { Box, Lane } from './layout.ts'
import { firstEndingAfter } from './layout.ts'
import { axisTicks } from './range.ts'
import type { Scene } from './scene.ts'
import { AXIS_HEIGHT, LANE_HEIGHT, depthAt, timeAt, xOf, yOf } from './scene.ts'
import { colourOf } from './theme.ts'

const LABEL_PADDING = 5
/** Narrower boxes have no label. */
const MIN_LABELLED = 24
const TICK_SPACING = 90

type Context = CanvasRenderingContext2D

/** Draws the axis, the lanes in view and the marks of the selection. */
export function drawChart(context: Context, scene: Scene): void {
  const { theme, width, height } = scene
  context.fillStyle = theme.background
  context.fillRect(0, 0, width, height)
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  drawAxis(context, scene)
  context.save()
  context.beginPath()
  context.rect(0, AXIS_HEIGHT, width, height - AXIS_HEIGHT)
  context.clip()
  const labels: Label[] = []
  for (const depth of lanesInView(scene)) {
    drawLane(context, scene, depth, labels)
  }
  drawMoments(context, scene)
  drawLabels(context, scene, labels)
  outline(context, scene, scene.hovered, theme.muted, 1)
  outline(context, scene, scene.selected, theme.accent, 2)
  context.restore()
}

function lanesInView(scene: Scene): number[] {
  const first = Math.max(0, depthAt(scene, AXIS_HEIGHT))
  const end = Math.min(scene.layout.lanes.length, depthAt(scene, scene.height) + 1)
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i)
}

/**
 * Visits what is in view. Of things that share a pixel only the first is visited, found by bisection, so the
 * cost follows the width of the chart and not the number of calls.
 */
function forEachInView(
  scene: Scene,
  { start, end }: Pick<Lane, 'start' | 'end'>,
  visit: (index: number, left: number, right: number) => void
): void {
  let index = firstEndingAfter(end, scene.range.start)
  while (index < start.length && start[index]! < scene.range.end) {
    const left = Math.max(-2, xOf(scene, start[index]!))
    const right = Math.min(scene.width + 2, xOf(scene, end[index]!))
    visit(index, left, Math.max(right, left + 1))
    index = right - left < 1 ? nextPixel(scene, end, left, index) : index + 1
  }
}

function nextPixel(scene: Scene, ends: readonly number[], left: number, index: number): number {
  return firstEndingAfter(ends, timeAt(scene, left + 1), index + 1)
}

interface Label {
  frame: Frame
  left: number
  right: number
  y: number
}

function drawLane(context: Context, scene: Scene, depth: number, labels: Label[]): void {
  const lane = scene.layout.lanes[depth]!
  const y = yOf(scene, depth)
  forEachInView(scene, lane, (index, left, right) => {
    const frame = lane.frame[index]!
    const gap = right - left > 3 ? 1 : 0
    context.fillStyle = colourOf(frame, scene.theme, scene.packages)
    context.fillRect(left, y, right - left - gap, LANE_HEIGHT - 1)
    if (right - left > MIN_LABELLED) {
      labels.push({ frame, left: Math.max(0, left), right: Math.min(right, scene.width), y })
    }
  })
}

/** Fades the callers of each wait, and stripes the wait itself: full colour is computing. */
function drawMoments(context: Context, scene: Scene): void {
  const { moments } = scene.layout
  forEachInView(scene, moments, (index, left, right) => {
    const state = moments.state[index]
    if (state !== 'await' && state !== 'blocked') {
      return
    }
    const bottom = yOf(scene, moments.depth[index]!)
    context.globalAlpha = 0.62
    context.fillStyle = scene.theme.background
    context.fillRect(left, AXIS_HEIGHT, right - left, bottom - AXIS_HEIGHT)
    context.globalAlpha = 1
    const stripes = scene.stripes[state]
    if (stripes) {
      context.fillStyle = stripes
      context.fillRect(left, bottom, right - left - 1, LANE_HEIGHT - 1)
    }
  })
}

function drawLabels(context: Context, { theme }: Scene, labels: readonly Label[]): void {
  context.fillStyle = theme.text
  for (const { frame, left, right, y } of labels) {
    const text = fitText(context, frameName(frame), right - left - 2 * LABEL_PADDING)
    context.fillText(text, left + LABEL_PADDING, y + LANE_HEIGHT / 2)
  }
}

/** Cuts a text to a width, judging by the average of its characters. */
function fitText(context: Context, text: string, width: number): string {
  const full = context.measureText(text).width
  if (full <= width) {
    return text
  }
  const characters = Math.floor((text.length * width) / full) - 1
  return characters > 1 ? `${text.slice(0, characters)}…` : ''
}

function outline(
  context: Context,
  scene: Scene,
  box: Box | undefined,
  colour: string,
  width: number
): void {
  if (!box) {
    return
  }
  const left = Math.max(-2, xOf(scene, box.start))
  const right = Math.min(scene.width + 2, xOf(scene, box.end))
  context.strokeStyle = colour
  context.lineWidth = width
  context.strokeRect(
    left + width / 2,
    yOf(scene, box.depth) + width / 2,
    Math.max(1, right - left - 1 - width),
    LANE_HEIGHT - 1 - width
  )
}

function drawAxis(context: Context, scene: Scene): void {
  const { theme, range, width, height } = scene
  const { times, decimals } = axisTicks(range, ((range.end - range.start) / width) * TICK_SPACING)
  for (const time of times) {
    const x = Math.round(xOf(scene, time))
    context.fillStyle = theme.line
    context.fillRect(x, 0, 1, height)
    context.fillStyle = theme.muted
    context.fillText(`${time.toFixed(decimals)} ms`, x + 4, AXIS_HEIGHT / 2)
  }
  context.fillStyle = theme.line
  context.fillRect(0, AXIS_HEIGHT - 1, width, 1)
}
