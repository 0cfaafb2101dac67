import { isBodyOf } from '../../processors.ts'
import type { SessionData } from '../../session/records.ts'

/** The calls of a session that are drawn, as a trie in columns; node 0 is the request itself. */
export interface Calls {
  parent: number[]
  /** Position in `data.functions`; -1 for the request. */
  function: number[]
  depth: number[]
  /** A node and all below it have `enter` from its own to before its `leave`. */
  enter: Int32Array
  leave: Int32Array
}

/** The calls, and for each stack entry the node that it belongs to. */
export interface CallIndex {
  calls: Calls
  nodeOfEntry: Int32Array
}

/**
 * Merges stack entries that differ only in the executing line, and leaves out frames of this package, the
 * second of the two frames that some runtimes sample for an async function, and with `appOnly` all that is not
 * application code: what they call stands in their place.
 */
export function indexCalls(data: SessionData, appOnly: boolean): CallIndex {
  const { functions } = data
  const bodies = asyncBodies(data)
  return mergeEntries(data, (entry, fn) => {
    const { origin } = functions[fn]!
    return bodies[entry] === 1 || (appOnly ? origin !== 'app' : origin === 'profiler')
  })
}

function mergeEntries(
  { stacks }: SessionData,
  isHidden: (entry: number, fn: number) => boolean
): CallIndex {
  const parent = [-1]
  const fnOf = [-1]
  const depth = [0]
  const nodeOfEntry = new Int32Array(stacks.parent.length)
  const children: Map<number, number>[] = [new Map<number, number>()]
  for (let entry = 0; entry < nodeOfEntry.length; entry++) {
    const caller = stacks.parent[entry]! < 0 ? 0 : nodeOfEntry[stacks.parent[entry]!]!
    const fn = stacks.function[entry]!
    let node = isHidden(entry, fn) ? caller : children[caller]!.get(fn)
    if (node === undefined) {
      node = parent.push(caller) - 1
      fnOf.push(fn)
      depth.push(depth[caller]! + 1)
      children.push(new Map<number, number>())
      children[caller]!.set(fn, node)
    }
    nodeOfEntry[entry] = node
  }
  return { calls: { parent, function: fnOf, depth, ...nest(parent) }, nodeOfEntry }
}

/** Numbers nodes so that those below a node follow it directly; parents stand before their children. */
function nest(parent: readonly number[]): Pick<Calls, 'enter' | 'leave'> {
  const size = new Int32Array(parent.length).fill(1)
  for (let node = parent.length - 1; node > 0; node--) {
    size[parent[node]!]! += size[node]!
  }
  const enter = new Int32Array(parent.length)
  const next = new Int32Array(parent.length)
  next[0] = 1
  for (let node = 1; node < parent.length; node++) {
    const caller = parent[node]!
    enter[node] = next[caller]!
    next[caller]! += size[node]!
    next[node] = enter[node]! + 1
  }
  return { enter, leave: enter.map((at, node) => at + size[node]!) }
}

/** Marks the entries that are the body of the async function that calls them, as is all that it calls. */
function asyncBodies(data: SessionData): Uint8Array {
  const { calls, nodeOfEntry } = mergeEntries(data, () => false)
  const isWrapper = new Uint8Array(calls.parent.length).fill(1)
  for (let node = 1; node < calls.parent.length; node++) {
    const caller = calls.parent[node]!
    const wrapper = data.functions[calls.function[caller]!]
    if (!wrapper || !isBodyOf(wrapper, data.functions[calls.function[node]!]!)) {
      isWrapper[caller] = 0
    }
  }
  return Uint8Array.from(nodeOfEntry, (node) => isWrapper[calls.parent[node]!]!)
}

/** The caller of a node at a depth, or the node itself. */
export function ancestorAt({ parent, depth }: Calls, node: number, wanted: number): number {
  let at = node
  while (depth[at]! > wanted) {
    at = parent[at]!
  }
  return at
}

/** Whether a node is another one or below it. */
export function isWithin({ enter, leave }: Calls, node: number, outer: number): boolean {
  return enter[node]! >= enter[outer]! && enter[node]! < leave[outer]!
}

/** The functions from the request down to a node; the request itself is left out. */
export function pathOf(calls: Calls, node: number): number[] {
  const path: number[] = []
  for (let at = node; at > 0; at = calls.parent[at]!) {
    path.push(calls.function[at]!)
  }
  return path.reverse()
}
