import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { forEachSample } from '../../session/tree.ts'

/** A function that calls another, or is called by it. */
export interface Related {
  /** Undefined for the request itself. */
  function: FunctionRecord | undefined
  /** Milliseconds in the calls, with all that they called. */
  time: number
}

/** What stands around a function. */
export interface Relations {
  callers: Related[]
  callees: Related[]
}

/** Who calls a function and what it calls, most time first; below a recursive call nothing counts again. */
export function relationsOf(data: SessionData, index: number): Relations {
  const { stacks } = data
  const totalUs = totalsOf(data)
  const isInside = new Uint8Array(totalUs.length)
  const callers = new Map<number, number>()
  const callees = new Map<number, number>()
  for (let entry = 0; entry < totalUs.length; entry++) {
    const parent = stacks.parent[entry]!
    const own = stacks.function[entry]!
    const caller = parent < 0 ? -1 : stacks.function[parent]!
    const isBelow = parent >= 0 && isInside[parent] === 1
    isInside[entry] = own === index || isBelow ? 1 : 0
    if (own === index && !isBelow) {
      add(callers, caller, totalUs[entry]!)
    }
    if (caller === index && own !== index && !calledAbove(data, parent, index, own)) {
      add(callees, own, totalUs[entry]!)
    }
  }
  return { callers: inOrder(data, callers), callees: inOrder(data, callees) }
}

/** Whether a call from one function to another is already open at an entry. */
function calledAbove({ stacks }: SessionData, entry: number, from: number, to: number): boolean {
  for (let each = entry; each >= 0; each = stacks.parent[each]!) {
    const parent = stacks.parent[each]!
    if (stacks.function[each] === to && parent >= 0 && stacks.function[parent] === from) {
      return true
    }
  }
  return false
}

function totalsOf(data: SessionData): Float64Array {
  const { parent } = data.stacks
  const us = new Float64Array(parent.length)
  forEachSample(data, (stack, _startUs, durationUs) => {
    if (stack >= 0) {
      us[stack]! += durationUs
    }
  })
  for (let entry = us.length - 1; entry >= 0; entry--) {
    if (parent[entry]! >= 0) {
      us[parent[entry]!]! += us[entry]!
    }
  }
  return us
}

function add(times: Map<number, number>, index: number, us: number): void {
  if (us > 0) {
    times.set(index, (times.get(index) ?? 0) + us)
  }
}

function inOrder({ functions }: SessionData, times: Map<number, number>): Related[] {
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([index, us]) => ({ function: functions[index], time: us / 1000 }))
}
