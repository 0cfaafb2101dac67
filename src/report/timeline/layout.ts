import { collapseAsyncWrappers, mergeConsecutiveSelfTime } from '../../processors.ts'
import type { Frame } from '../../session/frame.ts'
import { STATE_FRAMES } from '../../session/frame.ts'
import type { SessionData, State } from '../../session/records.ts'
import { STATES } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'

/** Calls of one depth in columns, in order of time; they do not overlap. Times are milliseconds. */
export interface Lane {
  start: number[]
  end: number[]
  frame: Frame[]
}

/** What the request did from moment to moment; the moments follow each other without a gap. */
export interface Moments {
  start: number[]
  end: number[]
  state: State[]
  /** How many lanes of calls lead to it. */
  depth: number[]
}

/** A box of the flame chart: `frame[index]` of the lane `depth`. */
export interface Box {
  frame: Frame
  depth: number
  index: number
  start: number
  end: number
}

/** The request in order of time, ready to draw. */
export interface TimelineLayout {
  duration: number
  /** By depth; the first holds the request itself. */
  lanes: Lane[]
  moments: Moments
}

/**
 * Places each call under its caller, in order of time. Computing has no box of its own: it is where a call
 * has nothing below it.
 *
 * @param appOnly Whether to leave out the frames of libraries and of the runtime.
 */
export function layOutTimeline(data: SessionData, appOnly: boolean): TimelineLayout {
  const tree = buildCallTree(data, { timeline: true })
  const root = mergeConsecutiveSelfTime(collapseAsyncWrappers(tree, {}), {})
  const lanes: Lane[] = []
  const moments: Moments = { start: [], end: [], state: [], depth: [] }
  const pending = [{ frame: root, depth: 0, start: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { frame, depth, start } = next
    if (frame.isSynthetic) {
      addMoment(moments, frame, depth, start)
    }
    const isShown = frame === root || isDrawn(frame, appOnly)
    if (isShown) {
      addBox((lanes[depth] ??= { start: [], end: [], frame: [] }), frame, start)
    }
    let end = start + frame.time
    for (let i = frame.children.length - 1; i >= 0; i--) {
      const child = frame.children[i]!
      end -= child.time
      pending.push({ frame: child, depth: isShown ? depth + 1 : depth, start: end })
    }
  }
  return { duration: root.time, lanes, moments }
}

function isDrawn(frame: Frame, appOnly: boolean): boolean {
  if (frame.isSynthetic) {
    return stateOf(frame) !== 'cpu'
  }
  return appOnly ? frame.isApplicationCode : frame.record.origin !== 'profiler'
}

/** The state that a synthetic frame stands for. */
export function stateOf(leaf: Frame): State {
  return STATES[STATE_FRAMES.indexOf(leaf.function)]!
}

function addMoment(moments: Moments, leaf: Frame, depth: number, start: number): void {
  moments.start.push(start)
  moments.end.push(start + leaf.time)
  moments.state.push(stateOf(leaf))
  moments.depth.push(depth)
}

function addBox(lane: Lane, frame: Frame, start: number): void {
  lane.start.push(start)
  lane.end.push(start + frame.time)
  lane.frame.push(frame)
}

/** Index of the first of the ascending `ends` that lies after `time`; their count when there is none. */
export function firstEndingAfter(ends: readonly number[], time: number, from = 0): number {
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

/** The box at a depth and a time. */
export function boxAt({ lanes }: TimelineLayout, depth: number, time: number): Box | undefined {
  const lane = lanes[depth]
  const index = lane ? firstEndingAfter(lane.end, time) : 0
  return lane && lane.start[index]! <= time ? boxOf(lane, depth, index) : undefined
}

/** The box of a lane, by index. */
export function boxOf(lane: Lane, depth: number, index: number): Box {
  return {
    frame: lane.frame[index]!,
    depth,
    index,
    start: lane.start[index]!,
    end: lane.end[index]!,
  }
}
