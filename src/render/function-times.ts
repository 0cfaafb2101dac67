import type { Frame } from '../session/frame.ts'
import type { FunctionRecord } from '../session/records.ts'

/** Time of a function over all its calls, in milliseconds. */
export interface FunctionTime {
  function: FunctionRecord
  time: number
  /** The part of `time` on the processor, garbage collection included. */
  cpuTime: number
  awaitTime: number
  blockedTime: number
}

/** Milliseconds. Samples last whole microseconds, so that less than half of one is noise of sums. */
const LEAST_TIME = 0.0005

type Times = Pick<Frame, 'time' | 'cpuTime' | 'awaitTime' | 'blockedTime'>

/**
 * Sums up a tree by function, most time first; functions without time are left out.
 *
 * @param kind `self`: time not spent in calls; the sums add up to the root's time. `total`: time with what
 * was called, where a call inside another call of the same function does not count again.
 */
export function functionTimes(root: Frame, kind: 'self' | 'total'): FunctionTime[] {
  const times = new Map<FunctionRecord, FunctionTime>()
  const open = new Map<FunctionRecord, number>()
  const pending: { frame: Frame; left: boolean }[] = [{ frame: root, left: false }]
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const { frame, left } = visit
    const depth = open.get(frame.record) ?? 0
    open.set(frame.record, left ? depth - 1 : depth + 1)
    if (left) {
      continue
    }
    if (kind === 'self' || depth === 0) {
      add(entryOf(times, frame.record), kind === 'self' ? selfTimes(frame) : frame)
    }
    pending.push({ frame, left: true })
    for (const child of frame.children) {
      if (!child.isSynthetic) {
        pending.push({ frame: child, left: false })
      }
    }
  }
  return [...times.values()].filter(({ time }) => time > LEAST_TIME).sort((a, b) => b.time - a.time)
}

function entryOf(times: Map<FunctionRecord, FunctionTime>, record: FunctionRecord): FunctionTime {
  let entry = times.get(record)
  if (!entry) {
    entry = { function: record, time: 0, cpuTime: 0, awaitTime: 0, blockedTime: 0 }
    times.set(record, entry)
  }
  return entry
}

function add(entry: FunctionTime, { time, cpuTime, awaitTime, blockedTime }: Times): void {
  entry.time += time
  entry.cpuTime += cpuTime
  entry.awaitTime += awaitTime
  entry.blockedTime += blockedTime
}

/** What is left of a frame's times without its calls. */
function selfTimes({ time, cpuTime, awaitTime, blockedTime, children }: Frame): Times {
  const self = { time, cpuTime, awaitTime, blockedTime }
  for (const child of children) {
    if (!child.isSynthetic) {
      self.time -= child.time
      self.cpuTime -= child.cpuTime
      self.awaitTime -= child.awaitTime
      self.blockedTime -= child.blockedTime
    }
  }
  return self
}
