import { STATE_FRAMES } from '../../session/frame.ts'
import { AWAIT, BLOCKED, CPU } from '../../session/records.ts'
import type { DrawnBox } from '../canvas/boxes.ts'
import { fillBox, labelBox, outlineBox } from '../canvas/boxes.ts'
import { axisTicks } from '../canvas/range.ts'
import type { Box } from './layout.ts'
import { firstEndingAfter, startOf } from './layout.ts'
import type { Scene } from './scene.ts'
import { AXIS_HEIGHT, depthAt, timeAt, xOf, yOf } from './scene.ts'

const TICK_SPACING = 90
/** How much of the callers of a wait is covered: full colour is computing. */
const PALE = 0.62

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
  const boxes = drawLanes(context, scene)
  for (const box of boxes) {
    labelBox(context, box, theme.text, width)
  }
  outline(context, scene, scene.hovered, theme.muted, 1)
  outline(context, scene, scene.selected, theme.accent, 2)
  context.restore()
}

/**
 * Visits the samples in view. Of those that share a pixel one is visited, the one at a moment that stays the
 * same while the chart moves, so the cost follows the width of the chart and not the number of samples.
 */
export function forEachInView(
  scene: Scene,
  visit: (sample: number, left: number, right: number) => void
): void {
  const { layout, range, width } = scene
  const { ends } = layout
  const pixel = (range.end - range.start) / width
  let left = -1
  for (let sample = firstEndingAfter(ends, range.start); sample < ends.length;) {
    if (startOf(layout, sample) >= range.end) {
      return
    }
    const right = Math.min(width + 1, xOf(scene, ends[sample]!))
    if (right - left >= 1) {
      visit(sample, left, right)
      left = right
      sample++
    } else {
      const step = Math.floor(timeAt(scene, left + 1) / pixel)
      sample = Math.max(sample + 1, firstEndingAfter(ends, step * pixel, sample))
    }
  }
}

/** Draws calls as wide as they stay open from one visited sample to the next; gives those with room for a name. */
function drawLanes(context: Context, scene: Scene): DrawnBox[] {
  const { calls, nodes, states } = scene.layout
  const first = Math.max(0, depthAt(scene, AXIS_HEIGHT))
  const last = depthAt(scene, scene.height)
  const open: { node: number; state: number; left: number }[] = []
  const labelled: DrawnBox[] = []
  const pale: [left: number, right: number, depth: number][] = []
  const path: number[] = []
  const close = (depth: number, right: number) => {
    const { node, state, left } = open[depth]!
    const box = drawnBox(scene, node, state, depth, left, right)
    fillBox(context, box)
    if (right - left > 8) {
      labelled.push(box)
    }
  }
  let edge = 0
  forEachInView(scene, (sample, left, right) => {
    const node = nodes[sample]!
    const state = states[sample]!
    const innermost = calls.depth[node]!
    for (let at = node; at >= 0; at = calls.parent[at]!) {
      path[calls.depth[at]!] = at
    }
    const deepest = Math.min(last, state === CPU ? innermost : innermost + 1)
    let depth = first
    const isOpen = (): boolean => {
      const box = open[depth]
      return depth <= innermost
        ? box?.state === CPU && box.node === path[depth]
        : box?.state === state && box.node === node
    }
    while (depth <= deepest && depth < open.length && isOpen()) {
      depth++
    }
    for (let i = depth; i < open.length; i++) {
      close(i, left)
    }
    open.length = Math.max(first, depth)
    for (; depth <= deepest; depth++) {
      const isCall = depth <= innermost
      open[depth] = { node: isCall ? path[depth]! : node, state: isCall ? CPU : state, left }
    }
    if (state === AWAIT || state === BLOCKED) {
      const before = pale.at(-1)
      if (before?.[1] === left && before[2] === innermost) {
        before[1] = right
      } else {
        pale.push([left, right, innermost])
      }
    }
    edge = right
  })
  for (let depth = first; depth < open.length; depth++) {
    close(depth, edge)
  }
  context.globalAlpha = PALE
  context.fillStyle = scene.theme.background
  for (const [left, right, depth] of pale) {
    context.fillRect(left, AXIS_HEIGHT, right - left, yOf(scene, depth + 1) - AXIS_HEIGHT)
  }
  context.globalAlpha = 1
  return labelled
}

function drawnBox(
  scene: Scene,
  node: number,
  state: number,
  depth: number,
  left: number,
  right: number
): DrawnBox {
  const fn = scene.layout.calls.function[node]!
  const isCall = state === CPU
  return {
    left,
    right,
    y: yOf(scene, depth),
    colour: isCall ? scene.palette[scene.colours[fn] ?? 1]! : scene.stateColours[state]!,
    stripes: isCall ? undefined : scene.stripes[state],
    isDim: scene.dimmed?.[fn] === 1 || (scene.dimmed !== undefined && fn < 0),
    name: () => (isCall ? scene.nameOf(fn) : STATE_FRAMES[state]!),
  }
}

function outline(
  context: Context,
  scene: Scene,
  box: Box | undefined,
  colour: string,
  width: number
): void {
  if (box) {
    const left = Math.max(-2, xOf(scene, box.start))
    const right = Math.min(scene.width + 2, xOf(scene, box.end))
    outlineBox(context, { left, right, y: yOf(scene, box.depth) }, colour, width)
  }
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
