import type { FunctionRecord, SessionData } from '../session/records.ts'
import type { StackSums } from './stack-sums.ts'
import { isAwait, isBlocked, isCpu, selfByKey, sumStacks, totalByKey } from './stack-sums.ts'

/** The time of one function over all its calls. All times are milliseconds. */
export interface FunctionTime {
  function: FunctionRecord
  /** Its position in the session's `functions`. */
  index: number
  /** Without what it called. The self times of all functions and the request's own time add up to the duration. */
  selfTime: number
  /** With what it called; what is below a recursive call counts once. */
  totalTime: number
  /** The part of `selfTime` on the processor, garbage collection included. */
  cpuTime: number
  /** The part of `selfTime` in which it waited. */
  awaitTime: number
  /** The part of `selfTime` in which other work kept the event loop from it. */
  blockedTime: number
}

/** The time of every function that has some, most self time first. */
export function functionTimes(data: SessionData): FunctionTime[] {
  const { stacks, functions } = data
  const keyOfNode = new Int32Array(stacks.function.length + 1).fill(-1)
  keyOfNode.set(stacks.function, 1)
  const selfOf = (sums: StackSums): Float64Array => selfByKey(sums, keyOfNode, functions.length)
  const all = sumStacks(data)
  const self = selfOf(all)
  const total = totalByKey(all, keyOfNode, functions.length)
  const cpu = selfOf(sumStacks(data, isCpu))
  const waiting = selfOf(sumStacks(data, isAwait))
  const blocked = selfOf(sumStacks(data, isBlocked))
  return functions
    .map((record, index) => ({
      function: record,
      index,
      selfTime: self[index]! / 1000,
      totalTime: total[index]! / 1000,
      cpuTime: cpu[index]! / 1000,
      awaitTime: waiting[index]! / 1000,
      blockedTime: blocked[index]! / 1000,
    }))
    .filter(({ totalTime }) => totalTime > 0)
    .sort((a, b) => b.selfTime - a.selfTime || b.totalTime - a.totalTime || a.index - b.index)
}
