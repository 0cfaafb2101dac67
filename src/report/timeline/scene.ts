import { LANE_HEIGHT } from '../canvas/boxes.ts'
import type { Range } from '../canvas/range.ts'
import { rangeAround } from '../canvas/range.ts'
import type { Theme } from '../canvas/theme.ts'
import type { Box, TimelineLayout } from './layout.ts'

/** Pixels. */
export const AXIS_HEIGHT = 22

/** Everything that decides how the chart looks. Sizes and positions are CSS pixels. */
export interface Scene {
  layout: TimelineLayout
  range: Range
  /** How far the lanes are scrolled. */
  scroll: number
  width: number
  height: number
  theme: Theme
  palette: readonly string[]
  /** By position in `STATES`. */
  stateColours: readonly string[]
  /** What is drawn over boxes that are not computing, by position in `STATES`. */
  stripes: readonly (CanvasPattern | null)[]
  /** By function: its position in the palette, its name as it is drawn, and whether a search rejects it. */
  colours: Uint8Array
  nameOf: (fn: number) => string
  dimmed: Uint8Array | undefined
  selected: Box | undefined
  hovered: Box | undefined
}

/** Where a time is, in pixels from the left. */
export function xOf({ range, width }: Pick<Scene, 'range' | 'width'>, time: number): number {
  return ((time - range.start) / (range.end - range.start)) * width
}

/** The time at a position, in milliseconds. */
export function timeAt({ range, width }: Pick<Scene, 'range' | 'width'>, x: number): number {
  return range.start + (x / width) * (range.end - range.start)
}

/** The top of a lane, in pixels from the top. */
export function yOf({ scroll }: Scene, depth: number): number {
  return AXIS_HEIGHT + depth * LANE_HEIGHT - scroll
}

/** The depth at a position; -1 on the axis, and not always one that has a lane. */
export function depthAt({ scroll }: Scene, y: number): number {
  return y < AXIS_HEIGHT ? -1 : Math.floor((y - AXIS_HEIGHT + scroll) / LANE_HEIGHT)
}

/** Keeps the lanes from being scrolled out of sight. */
export function clampScroll({ layout, height, scroll }: Scene): number {
  const room = height - AXIS_HEIGHT
  return Math.max(0, Math.min(scroll, layout.lanes * LANE_HEIGHT - room))
}

/** The range that shows a box with room around it. */
export function rangeOf(scene: Scene, { start, end }: Pick<Box, 'start' | 'end'>): Range {
  return rangeAround(start, end, scene.layout.duration)
}

/** Scrolls as little as needed to bring a box into sight, and keeps the zoom where the box can be made out. */
export function bringIntoView(scene: Scene, box: Box): Pick<Scene, 'range' | 'scroll'> {
  const top = box.depth * LANE_HEIGHT
  const room = Math.max(LANE_HEIGHT, scene.height - AXIS_HEIGHT)
  const scroll = Math.min(top, Math.max(scene.scroll, top + LANE_HEIGHT - room))
  const isOutside = box.end < scene.range.start || box.start > scene.range.end
  const isTiny = xOf(scene, box.end) - xOf(scene, box.start) < 2
  return { scroll, range: isOutside || isTiny ? rangeOf(scene, box) : scene.range }
}
