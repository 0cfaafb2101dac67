import type { SessionData } from '../../session/records.ts'
import { CPU } from '../../session/records.ts'
import type { Calls } from './calls.ts'
import { ancestorAt, indexCalls, isWithin } from './calls.ts'

/**
 * The request in order of time, ready to draw: its samples, each with the innermost call that is drawn. Boxes
 * are not kept, there would be millions; they are found where they are looked at. Times are milliseconds.
 */
export interface TimelineLayout {
  duration: number
  calls: Calls
  /** When each sample ends; it starts where the one before it ends, the first one at 0. */
  ends: Float64Array
  /** The innermost call of each sample. */
  nodes: Int32Array
  /** Positions in `STATES`. */
  states: readonly number[]
  /** How many lanes there are: the request, its calls, and what the deepest of them waited for. */
  lanes: number
}

/** A box of the flame chart: a call, or a stretch of `state` other than computing below it. */
export interface Box {
  node: number
  /** Position in `STATES`; undefined for a call. */
  state: number | undefined
  depth: number
  start: number
  end: number
  /** The samples of the box: from `first` to before `last`. */
  first: number
  last: number
}

/** @param appOnly Whether to leave out the frames of libraries and of the runtime. */
export function layOutTimeline(data: SessionData, appOnly: boolean): TimelineLayout {
  const { calls, nodeOfEntry } = indexCalls(data, appOnly)
  const { stack, durationUs, state } = data.samples
  const ends = new Float64Array(stack.length)
  const nodes = new Int32Array(stack.length)
  let lanes = 1
  let endUs = 0
  for (let i = 0; i < stack.length; i++) {
    endUs += durationUs[i]!
    ends[i] = endUs / 1000
    nodes[i] = stack[i]! < 0 ? 0 : nodeOfEntry[stack[i]!]!
    lanes = Math.max(lanes, calls.depth[nodes[i]!]! + (state[i] === CPU ? 1 : 2))
  }
  return { duration: endUs / 1000, calls, ends, nodes, states: state, lanes }
}

/** Index of the first of the ascending `ends` that lies after `time`; their count when there is none. */
export function firstEndingAfter(ends: ArrayLike<number>, time: number, from = 0): number {
  let low = from
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! > time) {
      high = middle
    } else {
      low = middle + 1
    }
  }
  return low
}

/** When a sample starts. */
export function startOf({ ends }: TimelineLayout, sample: number): number {
  return sample > 0 ? ends[sample - 1]! : 0
}

/** The box at a depth and a time. */
export function boxAt(layout: TimelineLayout, depth: number, time: number): Box | undefined {
  return time < 0 ? undefined : boxOfSample(layout, depth, firstEndingAfter(layout.ends, time))
}

/** The box at a depth to which a sample belongs. */
export function boxOfSample(
  layout: TimelineLayout,
  depth: number,
  sample: number
): Box | undefined {
  const { calls, nodes, states } = layout
  const node = nodes[sample]
  if (node === undefined || depth < 0) {
    return undefined
  }
  const innermost = calls.depth[node]!
  if (depth <= innermost) {
    const call = ancestorAt(calls, node, depth)
    return grow(layout, sample, { node: call, state: undefined, depth }, (i) =>
      isWithin(calls, nodes[i]!, call)
    )
  }
  const state = states[sample]!
  return depth === innermost + 1 && state !== CPU
    ? grow(layout, sample, { node, state, depth }, (i) => nodes[i] === node && states[i] === state)
    : undefined
}

/** Widens a box from one sample to all beside it that belong to it. */
function grow(
  layout: TimelineLayout,
  sample: number,
  what: Pick<Box, 'node' | 'state' | 'depth'>,
  belongs: (sample: number) => boolean
): Box {
  let first = sample
  let last = sample + 1
  while (first > 0 && belongs(first - 1)) {
    first--
  }
  while (last < layout.ends.length && belongs(last)) {
    last++
  }
  return { ...what, first, last, start: startOf(layout, first), end: layout.ends[last - 1]! }
}

/** The milliseconds of a box by state, and those not spent in calls. */
export function timesOf(
  { ends, nodes, states }: TimelineLayout,
  { first, last, node, start }: Box
): { byState: number[]; self: number } {
  const byState = [0, 0, 0, 0]
  let self = 0
  let before = start
  for (let i = first; i < last; i++) {
    const time = ends[i]! - before
    before = ends[i]!
    byState[states[i]!]! += time
    self += nodes[i] === node ? time : 0
  }
  return { byState, self }
}
