import type { Frame } from '../../session/frame.ts'
import { callKey } from '../places.ts'
import type { Box, TimelineLayout } from './layout.ts'
import { boxAt, boxOf, firstEndingAfter } from './layout.ts'

/** Where to go from a box: to its caller, the first call below it, or the calls beside it. */
export type Direction = 'caller' | 'callee' | 'previous' | 'next'

/** The neighbour of a box; undefined where there is none. Without a box, the request itself. */
export function neighbour(
  layout: TimelineLayout,
  box: Box | undefined,
  direction: Direction
): Box | undefined {
  if (!box) {
    return boxOf(layout.lanes[0]!, 0, 0)
  }
  const { depth, index, start, end } = box
  if (direction === 'caller') {
    return boxAt(layout, depth - 1, (start + end) / 2)
  }
  if (direction === 'callee') {
    return firstWithin(layout, depth + 1, start, end)
  }
  const lane = layout.lanes[depth]!
  const to = index + (direction === 'next' ? 1 : -1)
  return to >= 0 && to < lane.frame.length ? boxOf(lane, depth, to) : undefined
}

/** Half a microsecond, the unit of the records: sums of milliseconds are not exact. */
const TOLERANCE = 0.0005

function firstWithin(
  { lanes }: TimelineLayout,
  depth: number,
  start: number,
  end: number
): Box | undefined {
  const lane = lanes[depth]
  const index = lane ? firstEndingAfter(lane.end, start + TOLERANCE) : 0
  return lane && lane.start[index]! < end - TOLERANCE ? boxOf(lane, depth, index) : undefined
}

/** The box of a frame; for a frame of another tree, the longest box of the same call. */
export function findBox(layout: TimelineLayout, frame: Frame): Box | undefined {
  const key = callKey(frame)
  let found: Box | undefined
  for (const [depth, lane] of layout.lanes.entries()) {
    for (const [index, candidate] of lane.frame.entries()) {
      if (candidate === frame) {
        return boxOf(lane, depth, index)
      }
      if (candidate.time > (found?.frame.time ?? -1) && callKey(candidate) === key) {
        found = boxOf(lane, depth, index)
      }
    }
  }
  return found
}
