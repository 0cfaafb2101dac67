import { sumStacks } from '../analysis/stack-sums.ts'
import type { Frame } from '../session/frame.ts'
import { STATE_FRAMES } from '../session/frame.ts'
import type { SessionData } from '../session/records.ts'
import { entriesOf } from './places.ts'

/** A line that a call was executing, and the milliseconds in it and in what it called. */
export interface FrameLine {
  line: number
  time: number
}

/**
 * The lines on which a call spent its time, most first; of `[await]` and its like those of the function that holds it.
 * Empty where the runtime does not tell lines.
 */
export function frameLines(data: SessionData, frame: Frame): FrameLine[] {
  const state = frame.isSynthetic ? STATE_FRAMES.indexOf(frame.function) : -1
  const call = frame.isSynthetic ? frame.parent : frame
  if (!call?.parent) {
    return []
  }
  const sums = sumStacks(data, (each) => state < 0 || each === state)
  const ofEntry = frame.isSynthetic ? sums.selfUs : sums.totalUs
  const times = new Map<number, number>()
  for (const entry of entriesOf(data, call)) {
    const line = data.stacks.line[entry]!
    const us = ofEntry[entry + 1]!
    if (line > 0 && us > 0) {
      times.set(line, (times.get(line) ?? 0) + us / 1000)
    }
  }
  return [...times]
    .map(([line, time]) => ({ line, time }))
    .sort((a, b) => b.time - a.time || a.line - b.line)
}
