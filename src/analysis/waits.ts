import type { FunctionRecord, SessionData, WaitRecord } from '../session/records.ts'
import { chainEntries } from './hono-chain.ts'
import type { Interval } from './intervals.ts'
import { lengthUs, sharedUs, unionOf } from './intervals.ts'
import { applicationEntries } from './lines.ts'
import { edgeBefore, runEdges } from './runs.ts'

/** Waits of one name at one line. All times are milliseconds. */
export interface WaitGroup {
  /** What was awaited: the function that was called, else the kind of wait: `fetch`, `Promise.all`, `await`. */
  name: string
  /** The function that awaits: the innermost of the application, else of any; undefined when unknown. */
  function: FunctionRecord | undefined
  /** The line in `function` that awaits or calls what awaits; 0 when unknown. */
  line: number
  count: number
  /** Time in which at least one of them was awaited: parallel waits count once. */
  time: number
  /** The longest single wait. */
  longest: number
  /** Whether finishing one of them earlier would have finished the request earlier. */
  critical: boolean
  /** Whether a timeout went on without one of them, which had not ended. */
  unfinished: boolean
  /** Whether they ran one after another, at the same time, or some so and some so; `once` where a request has one. */
  order: 'once' | 'sequence' | 'parallel' | 'mixed'
  /**
   * Whether other waits of the list, of what it called, say what it waited for: they are nine tenths of it, or it
   * waited for the rest of Hono's chain.
   */
  isOuter: boolean
}

/** The part of a wait that waits further in must cover to explain it. */
const EXPLAINED_SHARE = 0.9

/** Waits by name and awaiting line, longest in sum first: many short ones at one line stand out as well. */
export function waitGroups(data: SessionData): WaitGroup[] {
  return keyedWaitGroups(data).map(({ group }) => group)
}

/** A group, and what it is called before what it called gives it a name: that differs between requests. */
interface KeyedGroup {
  group: WaitGroup
  awaited: string
}

/** The same, to be found in other requests again. */
export function keyedWaitGroups(data: SessionData): KeyedGroup[] {
  const groups = new Map<string, { entries: Set<number>; waits: WaitRecord[] }>()
  const sites = sitesOf(data)
  data.waits.forEach((wait, i) => {
    const entry = sites[i]!
    const key = `${data.stacks.function[entry]}:${data.stacks.line[entry]}:${wait.name}`
    const group = groups.get(key) ?? { entries: new Set(), waits: [] }
    groups.set(key, group)
    group.entries.add(entry)
    group.waits.push(wait)
  })
  const further = waitsFurtherIn(data, sites)
  const edgesUs = runEdges(data)
  const chain = chainEntries(data).add(-1)
  return [...groups.values()]
    .map(({ entries, waits }) => {
      const entry = entries.values().next().value!
      const inner = [...entries].flatMap((each) => further.get(each) ?? [])
      const group = summarize(data, entry, waits, inner, edgesUs)
      group.isOuter ||= inner.length > 0 && chain.has(entry)
      const awaited = group.name
      const callee =
        awaited === 'await' && group.isOuter ? calleeName(data, entries, sites) : undefined
      return { group: callee === undefined ? group : { ...group, name: callee }, awaited }
    })
    .sort((a, b) => b.group.time - a.group.time)
}

/** For each wait the stack entry that it is told at: the innermost of the application, else its own. */
function sitesOf(data: SessionData): number[] {
  const callSites = applicationEntries(data)
  return data.waits.map(({ stack }) => {
    const site = stack < 0 ? -1 : callSites[stack]!
    return site < 0 ? stack : site
  })
}

/** By stack entry, when waits below it were awaited; -1 is the request. */
function waitsFurtherIn(data: SessionData, sites: readonly number[]): Map<number, Interval[]> {
  const further = new Map<number, Interval[]>()
  sites.forEach((site, i) => {
    for (let entry = site; entry >= 0;) {
      entry = data.stacks.parent[entry]!
      const intervals = further.get(entry) ?? []
      further.set(entry, intervals)
      intervals.push(awaited(data.waits[i]!))
    }
  })
  return further
}

/** The function that is called at these stack entries and waits further in; undefined when there are several. */
function calleeName(
  { stacks, functions }: SessionData,
  entries: ReadonlySet<number>,
  sites: readonly number[]
): string | undefined {
  const names = new Set<string>()
  for (const site of new Set(sites)) {
    for (let entry = site; entry >= 0; entry = stacks.parent[entry]!) {
      if (entries.has(stacks.parent[entry]!)) {
        names.add(functions[stacks.function[entry]!]!.name)
      }
    }
  }
  return names.size === 1 ? [...names][0] : undefined
}

/** The time in which it was awaited. */
export function awaited({ awaitedUs, endUs }: WaitRecord): Interval {
  return { startUs: awaitedUs, endUs }
}

function summarize(
  data: SessionData,
  entry: number,
  waits: readonly WaitRecord[],
  inner: readonly Interval[],
  edgesUs: readonly number[]
): WaitGroup {
  const record = data.functions[data.stacks.function[entry] ?? -1]
  const executing = data.stacks.line[entry] ?? 0
  const union = unionOf(waits.map(awaited))
  const timeUs = lengthUs(union)
  return {
    name: waits[0]!.name,
    function: record,
    line: executing > 0 ? executing : (record?.line ?? 0),
    count: waits.length,
    time: timeUs / 1000,
    longest: waits.reduce((most, wait) => Math.max(most, wait.endUs - wait.awaitedUs), 0) / 1000,
    critical: waits.some((wait) => wait.critical),
    unfinished: waits.some((wait) => wait.unfinished),
    order: orderOf(waits, edgesUs),
    isOuter: timeUs > 0 && sharedUs(union, unionOf(inner)) > EXPLAINED_SHARE * timeUs,
  }
}

/** Operations that began before the one before had ended ran at the same time; those of another request do not count. */
function orderOf(waits: readonly WaitRecord[], edgesUs: readonly number[]): WaitGroup['order'] {
  const found = { sequence: false, parallel: false }
  let untilUs = -1
  for (const { startUs, endUs } of [...waits].sort((a, b) => a.startUs - b.startUs)) {
    if (untilUs >= 0 && startUs < untilUs) {
      found.parallel = true
    } else if (untilUs >= 0 && edgesUs[edgeBefore(edgesUs, startUs)]! < untilUs) {
      found.sequence = true
    }
    untilUs = Math.max(untilUs, endUs)
  }
  if (found.sequence && found.parallel) {
    return 'mixed'
  }
  return found.sequence ? 'sequence' : found.parallel ? 'parallel' : 'once'
}
