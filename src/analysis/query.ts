/**
 * Questions to a session, answered from its columns. Time is counted once: each microsecond belongs to the
 * innermost function of its sample, waiting and collecting included.
 */

import type { SessionData } from '../session/records.ts'
import { entryKeys, pathFilter, stateFilter } from './entries.ts'
import { hotPathTimes } from './hot-paths.ts'
import { compareText } from './order.ts'
import type { HotPath, HotPathOptions, ProfileEntry, QueryOptions } from './query-options.ts'
import { selfByKey, sumStacks, totalByKey } from './stack-sums.ts'

export type { HotPath, HotPathOptions, ProfileEntry, QueryOptions } from './query-options.ts'

const DEFAULT_FLAT_COUNT = 20
const DEFAULT_COUNT = 10
const DEFAULT_DEPTH = 8

/** Time by function, most first. The self times of all add up to the duration. */
export function flat(data: SessionData, options: QueryOptions = {}): ProfileEntry[] {
  return sumEntries(data, options, () => (node) => node).slice(0, options.n ?? DEFAULT_FLAT_COUNT)
}

/** Time of the functions called `name`, by immediate caller; `paths` are of the callers. */
export function callers(
  data: SessionData,
  name: string,
  options: QueryOptions = {}
): ProfileEntry[] {
  const isCall = callsOf(data, name)
  const callerOf = (parent: Int32Array) => (node: number) => (isCall(node) ? parent[node]! : -1)
  return sumEntries(data, options, callerOf).slice(0, options.n ?? DEFAULT_COUNT)
}

/**
 * Time of everything below the functions called `name`, by function; `paths` are of what is called.
 * A recursive call is below the first one, and what is below both counts once.
 */
export function callees(
  data: SessionData,
  name: string,
  options: QueryOptions = {}
): ProfileEntry[] {
  const isCall = callsOf(data, name)
  const nodeBelow = (parent: Int32Array) => {
    const isBelow = new Uint8Array(parent.length)
    for (let node = 1; node < parent.length; node++) {
      isBelow[node] = isBelow[parent[node]!]! || Number(isCall(parent[node]!))
    }
    return (node: number) => (isBelow[node] ? node : -1)
  }
  return sumEntries(data, options, nodeBelow).slice(0, options.n ?? DEFAULT_COUNT)
}

/**
 * The stacks with most time. Frames whose file is not in `paths` are left out of a path, and their time goes to
 * the path that is left; the request itself stands only for its own time. By total time, a path counts
 * whatever goes on from it, and those that only lead on to one longer path are left out.
 */
export function hotPaths(data: SessionData, options: HotPathOptions = {}): HotPath[] {
  const { paths, by = 'self', state, n = DEFAULT_COUNT, depth = DEFAULT_DEPTH } = options
  const sums = sumStacks(data, stateFilter(state))
  return hotPathTimes(data, sums, { isAsked: pathFilter(paths), by, depth }).slice(0, n)
}

/** Whether a node is a call of the function `name`. */
function callsOf({ stacks, functions }: SessionData, name: string): (node: number) => boolean {
  const isNamed = functions.map((record) => record.name === name)
  return (node) => node > 0 && isNamed[stacks.function[node - 1]!]!
}

/** Gives the node to whose entry the time of a node counts; -1 for none. */
type Chooser = (parent: Int32Array) => (node: number) => number

/** The entries of the chosen nodes that have time, most first. */
function sumEntries(data: SessionData, options: QueryOptions, chooser: Chooser): ProfileEntry[] {
  const sums = sumStacks(data, stateFilter(options.state))
  const { keyOf, entries } = entryKeys(data, options)
  const choose = chooser(sums.parent)
  const keys = Int32Array.from(sums.parent, (_parent, node) => {
    const chosen = choose(node)
    return chosen < 0 ? -1 : keyOf(chosen)
  })
  const sumUs = (options.by === 'total' ? totalByKey : selfByKey)(sums, keys, entries.length)
  return entries
    .map((entry, key) => ({ ...entry, time: sumUs[key]! / 1000 }))
    .filter(({ time }) => time > 0)
    .sort(byTimeThenName)
}

function byTimeThenName(a: ProfileEntry, b: ProfileEntry): number {
  return (
    b.time - a.time ||
    compareText(a.function, b.function) ||
    compareText(a.file, b.file) ||
    a.line - b.line
  )
}
