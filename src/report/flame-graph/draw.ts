import type { Frame } from '../../session/frame.ts'
import { STATE_FRAMES } from '../../session/frame.ts'
import type { FunctionRecord } from '../../session/records.ts'
import { STATES } from '../../session/records.ts'
import type { DrawnBox } from '../canvas/boxes.ts'
import { LANE_HEIGHT, fillBox, labelBox, outlineBox } from '../canvas/boxes.ts'
import type { Theme } from '../canvas/theme.ts'
import { frameName } from '../format.ts'
import { splitOf } from '../split.ts'
import type { FlameBox } from './layout.ts'

/** Pixels of the stripe below a frame that tells what its time was. */
const SPLIT_HEIGHT = 3
const MIN_SPLIT_WIDTH = 4

/** Everything that decides how the graph looks. */
export interface FlameScene {
  boxes: readonly FlameBox[]
  width: number
  theme: Theme
  /** Of boxes, and of the stripes below frames, by position in `STATES`. */
  stateColours: readonly string[]
  splitColours: readonly string[]
  stripes: readonly (CanvasPattern | null)[]
  colourOf: (record: FunctionRecord) => string
  isMatch: ((record: FunctionRecord) => boolean) | undefined
  selected: Frame | undefined
  hovered: Frame | undefined
}

type Context = CanvasRenderingContext2D

/** Draws the boxes between two heights, the rest of the canvas is not in view. */
export function drawFlames(context: Context, scene: FlameScene, top: number, bottom: number): void {
  const { theme, width } = scene
  context.fillStyle = theme.background
  context.fillRect(0, top, width, bottom - top)
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  for (const box of scene.boxes) {
    const y = box.depth * LANE_HEIGHT
    if (y + LANE_HEIGHT >= top && y <= bottom) {
      drawFlame(context, scene, box, y)
    }
  }
}

function drawFlame(
  context: Context,
  scene: FlameScene,
  { frame, left, right }: FlameBox,
  y: number
): void {
  const { theme, width, selected, hovered } = scene
  const drawn = drawnBox(scene, frame, left, right, y)
  fillBox(context, drawn)
  if (!frame.isSynthetic && right - left >= MIN_SPLIT_WIDTH) {
    drawSplit(context, scene, frame, drawn)
  }
  labelBox(context, drawn, theme.text, width)
  if (frame === selected || frame === hovered) {
    outlineBox(context, drawn, frame === selected ? theme.accent : theme.muted, 2)
  }
}

function drawnBox(
  scene: FlameScene,
  frame: Frame,
  left: number,
  right: number,
  y: number
): DrawnBox {
  const state = frame.isSynthetic ? STATE_FRAMES.indexOf(frame.function) : -1
  const owner = frame.isSynthetic ? frame.parent! : frame
  return {
    left,
    right,
    y,
    colour: state < 0 ? scene.colourOf(frame.record) : scene.stateColours[state]!,
    stripes: scene.stripes[state],
    isDim: scene.isMatch !== undefined && !scene.isMatch(owner.record),
    name: () => frameName(frame),
  }
}

/** A stripe in the colours of the states: whether the frame computed, waited or was blocked. */
function drawSplit(context: Context, scene: FlameScene, frame: Frame, box: DrawnBox): void {
  const split = splitOf(frame)
  const scale = (box.right - box.left - 1) / frame.time
  const y = box.y + LANE_HEIGHT - 1 - SPLIT_HEIGHT
  let left = box.left
  context.globalAlpha = box.isDim ? 0.3 : 1
  for (const [i, state] of STATES.entries()) {
    const width = split[state] * scale
    context.fillStyle = scene.splitColours[i]!
    context.fillRect(left, y, width, SPLIT_HEIGHT)
    left += width
  }
  context.globalAlpha = 1
}
