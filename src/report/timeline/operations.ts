import { applicationEntries } from '../../analysis/lines.ts'
import type { SessionData, WaitRecord } from '../../session/records.ts'
import { indexCalls } from './calls.ts'

/** An awaited operation at the line of the application that waits for it. */
export interface Operation {
  wait: WaitRecord
  /** What was awaited: the innermost operation below the line that has a name of its own. */
  name: string
  /** Stack entry of the line; -1 when unknown. */
  site: number
  /** The call that holds the line. */
  node: number
  /** Whether the line itself awaits, and not a library that it calls. */
  isOwn: boolean
  /** The operations that tell more about the same time, which are shown in its place; none for one that is shown. */
  explainedBy: Operation[]
}

/** What a wait is called when nothing is known of it. */
export const NAMELESS = 'await'
/** Waits for what other waits explain. */
const COMBINED = /^(await|Promise\..*)$/

/**
 * The operations of a session, those that a reader asks about without an explanation. An await of a function that awaits something itself is
 * explained by that, so it is left out, as are frameworks that await the application; so is what a library
 * awaits inside, below the line that awaits it.
 */
export function operationsOf(data: SessionData): Operation[] {
  const { calls, nodeOfEntry } = indexCalls(data, false)
  const callSites = applicationEntries(data)
  const operations = data.waits.map((wait): Operation => {
    const application = callSites[wait.stack] ?? -1
    const site = application < 0 ? wait.stack : application
    const node = nodeOfEntry[site] ?? 0
    const isOwn = (nodeOfEntry[wait.stack] ?? 0) === node
    return { wait, name: wait.name, site, node, isOwn, explainedBy: [] }
  })
  const ownWaits = groupByNode(operations.filter(({ isOwn }) => isOwn))
  for (const inner of operations) {
    for (const own of inner.isOwn ? [] : awaiting(ownWaits.get(inner.node), inner)) {
      inner.explainedBy.push(own)
      own.name = own.name === NAMELESS ? inner.name : own.name
    }
    for (let node = inner.node; node > 0;) {
      node = calls.parent[node]!
      for (const outer of awaiting(ownWaits.get(node), inner)) {
        if (COMBINED.test(outer.wait.name) || callSites[outer.wait.stack] === -1) {
          outer.explainedBy.push(inner)
        }
      }
    }
  }
  return operations
}

/** What is shown for some operations: themselves, or what explains them. */
export function shownFor(operations: Iterable<Operation>): Set<Operation> {
  // A set is walked through to its end, also while it grows: explanations are shown or explained themselves.
  const reached = new Set(operations)
  for (const { explainedBy } of reached) {
    for (const other of explainedBy) {
      reached.add(other)
    }
  }
  return new Set([...reached].filter(({ explainedBy }) => explainedBy.length === 0))
}

/** The operations of each call, by end. */
function groupByNode(operations: Operation[]): Map<number, Operation[]> {
  const groups = new Map<number, Operation[]>()
  for (const operation of operations.sort((a, b) => a.wait.endUs - b.wait.endUs)) {
    const group = groups.get(operation.node)
    if (group) {
      group.push(operation)
    } else {
      groups.set(operation.node, [operation])
    }
  }
  return groups
}

/** Those of a group, which is sorted by end, that were awaited when an operation ended. */
function awaiting(group: readonly Operation[] | undefined, { wait }: Operation): Operation[] {
  if (!group) {
    return []
  }
  let low = 0
  let high = group.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (group[middle]!.wait.endUs >= wait.endUs) {
      high = middle
    } else {
      low = middle + 1
    }
  }
  return group.slice(low).filter((outer) => outer.wait.awaitedUs < wait.endUs)
}
