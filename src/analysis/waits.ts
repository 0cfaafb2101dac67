import type { FunctionRecord, SessionData, WaitRecord } from '../session/records.ts'
import { applicationEntries } from './lines.ts'

/** Waits of one name at one line. All times are milliseconds. */
export interface WaitGroup {
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
}

/** Waits by name and awaiting line, longest in sum first: many short ones at one line stand out as well. */
export function waitGroups(data: SessionData): WaitGroup[] {
  const callSites = applicationEntries(data)
  const groups = new Map<string, { entry: number; waits: WaitRecord[] }>()
  for (const wait of data.waits) {
    const site = wait.stack < 0 ? -1 : callSites[wait.stack]!
    const entry = site < 0 ? wait.stack : site
    const key = `${data.stacks.function[entry]}:${data.stacks.line[entry]}:${wait.name}`
    const group = groups.get(key)
    if (group) {
      group.waits.push(wait)
    } else {
      groups.set(key, { entry, waits: [wait] })
    }
  }
  return [...groups.values()]
    .map(({ entry, waits }) => summarize(data, entry, waits))
    .sort((a, b) => b.time - a.time)
}

function summarize(data: SessionData, entry: number, waits: readonly WaitRecord[]): WaitGroup {
  const record = data.functions[data.stacks.function[entry] ?? -1]
  const executing = data.stacks.line[entry] ?? 0
  let longestUs = 0
  for (const wait of waits) {
    longestUs = Math.max(longestUs, wait.endUs - wait.awaitedUs)
  }
  return {
    name: waits[0]!.name,
    function: record,
    line: executing > 0 ? executing : (record?.line ?? 0),
    count: waits.length,
    time: coveredUs(waits) / 1000,
    longest: longestUs / 1000,
    critical: waits.some((wait) => wait.critical),
  }
}

function coveredUs(waits: readonly WaitRecord[]): number {
  let covered = 0
  let end = -Infinity
  for (const wait of [...waits].sort((a, b) => a.awaitedUs - b.awaitedUs)) {
    covered += Math.max(0, wait.endUs - Math.max(end, wait.awaitedUs))
    end = Math.max(end, wait.endUs)
  }
  return covered
}
