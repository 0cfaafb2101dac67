import type { Box, TimelineLayout } from './layout.ts'
import { boxOfSample } from './layout.ts'

/** Where to go from a box: to its caller, the first call below it, or the calls beside it. */
export type Direction = 'caller' | 'callee' | 'previous' | 'next'

/** The neighbour of a box; undefined where there is none. Without a box, the request itself. */
export function neighbour(
  layout: TimelineLayout,
  box: Box | undefined,
  direction: Direction
): Box | undefined {
  if (!box) {
    return boxOfSample(layout, 0, 0)
  }
  const { depth, first, last } = box
  switch (direction) {
    case 'caller':
      return boxOfSample(layout, depth - 1, first)
    case 'callee':
      return box.state === undefined ? firstAt(layout, depth + 1, first, last) : undefined
    case 'previous':
      return lastAt(layout, depth, first - 1)
    case 'next':
      return firstAt(layout, depth, last, layout.ends.length)
  }
}

/** The first box at a depth with samples from `from` to before `to`. */
function firstAt(layout: TimelineLayout, depth: number, from: number, to: number): Box | undefined {
  for (let sample = from; sample < to; sample++) {
    if (reaches(layout, depth, sample)) {
      return boxOfSample(layout, depth, sample)
    }
  }
  return undefined
}

function lastAt(layout: TimelineLayout, depth: number, from: number): Box | undefined {
  for (let sample = from; sample >= 0; sample--) {
    if (reaches(layout, depth, sample)) {
      return boxOfSample(layout, depth, sample)
    }
  }
  return undefined
}

/** Whether a sample has a box at a depth. */
function reaches({ calls, nodes, states }: TimelineLayout, depth: number, sample: number): boolean {
  return calls.depth[nodes[sample]!]! + (states[sample] === 0 ? 0 : 1) >= depth
}
