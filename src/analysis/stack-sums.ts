import type { SessionData } from '../session/records.ts'
import { AWAIT, BLOCKED, GC, STATES } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/**
 * Sums over the tree of stacks, without building frames: the cost follows the samples once and the stacks after that.
 * Node 0 is the request itself, node `i + 1` is stack entry `i`; parents stand before their children.
 */
export interface StackSums {
  count: number
  /** Node of the caller; -1 for the request. */
  parent: Int32Array
  /** Microseconds that each node took itself: in all states, or in the states that were asked for. */
  selfUs: Float64Array
  /** The same with the time of everything below. */
  totalUs: Float64Array
}

/** Whether samples of a state count. */
export type StateFilter = (state: number) => boolean

export const isCpu: StateFilter = (state) => state !== AWAIT && state !== BLOCKED
export const isAwait: StateFilter = (state) => state === AWAIT
export const isBlocked: StateFilter = (state) => state === BLOCKED
export const isGc: StateFilter = (state) => state === GC
const isAny: StateFilter = () => true

/** Adds up the samples whose state passes, for each node. */
export function sumStacks(data: SessionData, accepts: StateFilter = isAny): StackSums {
  const { stacks } = data
  const count = stacks.parent.length + 1
  const counts = STATES.map((_state, i) => accepts(i))
  const parent = new Int32Array(count).fill(-1)
  const selfUs = new Float64Array(count)
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    if (counts[state]) {
      selfUs[stack + 1]! += durationUs
    }
  })
  const totalUs = selfUs.slice()
  for (let node = count - 1; node > 0; node--) {
    parent[node] = stacks.parent[node - 1]! + 1
    totalUs[parent[node]!]! += totalUs[node]!
  }
  return { count, parent, selfUs, totalUs }
}

/** Self time of the nodes that have a key, by key; a node without one has -1. */
export function selfByKey({ selfUs }: StackSums, keys: Int32Array, keyCount: number): Float64Array {
  const sums = new Float64Array(keyCount)
  for (let node = 0; node < keys.length; node++) {
    if (keys[node]! >= 0) {
      sums[keys[node]!]! += selfUs[node]!
    }
  }
  return sums
}

/** Time of the nodes that have a key and of all below, by key: what is below two nodes of one key counts once. */
export function totalByKey(sums: StackSums, keys: Int32Array, keyCount: number): Float64Array {
  const totals = new Float64Array(keyCount)
  const open = new Int32Array(keyCount)
  walkDepthFirst(sums, {
    enter(node) {
      const key = keys[node]!
      if (key >= 0 && open[key]!++ === 0) {
        totals[key]! += sums.totalUs[node]!
      }
    },
    leave(node) {
      const key = keys[node]!
      if (key >= 0) {
        open[key]!--
      }
    },
  })
  return totals
}

interface Visitor {
  enter: (node: number) => void
  leave: (node: number) => void
}

/** Without recursion, for stacks can be 10,000 deep. */
function walkDepthFirst({ count, parent }: StackSums, { enter, leave }: Visitor): void {
  const firstChild = new Int32Array(count).fill(-1)
  const nextSibling = new Int32Array(count).fill(-1)
  for (let node = count - 1; node > 0; node--) {
    nextSibling[node] = firstChild[parent[node]!]!
    firstChild[parent[node]!] = node
  }
  enter(0)
  let node = 0
  while (node >= 0) {
    if (firstChild[node]! >= 0) {
      const child = firstChild[node]!
      firstChild[node] = nextSibling[child]!
      enter(child)
      node = child
    } else {
      leave(node)
      node = parent[node]!
    }
  }
}
