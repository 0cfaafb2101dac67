import type { SessionData, State } from '../session/records.ts'
import { STATES } from '../session/records.ts'
import { splitSession } from '../session/split.ts'
import type { Row } from './diff-rows.ts'
import { functionRows, lineRows, waitRows } from './diff-rows.ts'
import type { Change, Measured } from './interval.ts'
import { changeOf } from './interval.ts'
import { compareText } from './order.ts'

export type { Change } from './interval.ts'

/** How the time of a function, or of a line, changed. */
export interface ChangeEntry extends Change {
  /** The function's name. */
  function: string
  /** Its file relative to the project; empty for native functions. */
  file: string
  /** The executing line, or the line of the function's definition where functions are compared; 0 when unknown. */
  line: number
}

/** How the time of what is awaited at one line changed. */
export interface WaitChange extends ChangeEntry {
  /** What is awaited. */
  name: string
}

/** What changed between two sets of requests. All times are milliseconds of one request, on average. */
export interface SessionDiff {
  /** How many requests stand on each side. */
  runs: { before: number; after: number }
  /** How sure the intervals are, from 0 to 1. */
  confidence: number
  /** The whole duration. */
  total: Change
  /** The duration by state. */
  states: Record<State, Change>
  /** Functions by self time: significant changes first, the largest of them first. */
  functions: ChangeEntry[]
  /** Lines of the application with what they call in libraries, in the same order. */
  lines: ChangeEntry[]
  /** Awaited operations, in the same order. */
  waits: WaitChange[]
}

export interface DiffOptions {
  /**
   * How often an interval holds the true change. Hundreds of functions are compared at once; at 0.99, one in
   * a hundred that did not change looks as if it had.
   *
   * @default 0.99
   */
  confidence?: number
}

const DEFAULT_CONFIDENCE = 0.99

/**
 * Compares requests before a change with requests after it. Merged sessions count as the requests in them.
 *
 * @throws TypeError When a side has no session, or `confidence` is not between 0 and 1.
 */
export function diffSessions(
  before: readonly SessionData[],
  after: readonly SessionData[],
  { confidence = DEFAULT_CONFIDENCE }: DiffOptions = {}
): SessionDiff {
  if (before.length === 0 || after.length === 0) {
    throw new TypeError(
      'hono-profiler: nothing to compare: give at least one session for each side'
    )
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new TypeError(`hono-profiler: \`confidence\` is between 0 and 1, not ${confidence}`)
  }
  const comparison = { from: sideOf(before), to: sideOf(after), confidence }
  const stateChange = (state: State): Change =>
    compareTimes(comparison, ({ totals }) => totals[state])
  return {
    runs: { before: countRequests(before), after: countRequests(after) },
    confidence,
    total: compareTimes(comparison, ({ duration }) => duration),
    states: Object.fromEntries(STATES.map((state) => [state, stateChange(state)])) as Record<
      State,
      Change
    >,
    functions: compareRows(comparison, functionRows).map(withoutName),
    lines: compareRows(comparison, lineRows).map(withoutName),
    waits: compareRows(comparison, waitRows),
  }
}

function withoutName({ name: _, ...entry }: WaitChange): ChangeEntry {
  return entry
}

/** The requests of one side, one by one where they are known. */
interface Side {
  runs: SessionData[]
  /** Milliseconds between two samples. */
  interval: number
}

interface Comparison {
  from: Side
  to: Side
  confidence: number
}

function sideOf(sessions: readonly SessionData[]): Side {
  const runs = sessions.flatMap(splitSession)
  return { runs, interval: Math.max(...runs.map(({ meta }) => meta.interval)) }
}

function countRequests(sessions: readonly SessionData[]): number {
  return sessions.reduce((sum, { meta }) => sum + meta.runs, 0)
}

function compareTimes(
  { from, to, confidence }: Comparison,
  timeOf: (meta: SessionData['meta']) => number
): Change {
  const measure = ({ runs, interval }: Side): Measured => {
    return { times: runs.map(({ meta }) => timeOf(meta) / meta.runs), sampledTime: 0, interval }
  }
  return changeOf(measure(from), measure(to), confidence)
}

/**
 * Compares what the requests have in common by its key, and what only one side has with no time at all. What others
 * explain in all requests is left out: the time would be told several times.
 */
function compareRows(
  { from, to, confidence }: Comparison,
  rowsOf: (run: SessionData) => Row[]
): WaitChange[] {
  const [before, after] = [collect(from, rowsOf), collect(to, rowsOf)]
  const keys = [...new Set([...after.keys(), ...before.keys()])]
  const isTold = (key: string): boolean =>
    before.get(key)?.isTold === true || after.get(key)?.isTold === true
  const changes = keys.filter(isTold).map((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    const { name, function: fn, file, line } = (is ?? was)!.row
    const change = changeOf(
      was?.measured ?? nothingIn(from),
      is?.measured ?? nothingIn(to),
      confidence
    )
    return { name, function: fn, file, line, ...change }
  })
  return changes.sort(
    (a, b) =>
      Number(b.significant) - Number(a.significant) ||
      Math.abs(b.change) - Math.abs(a.change) ||
      compareText(a.file, b.file) ||
      a.line - b.line ||
      compareText(a.function + a.name, b.function + b.name)
  )
}

function nothingIn({ runs, interval }: Side): Measured {
  return { times: runs.map(() => 0), sampledTime: 0, interval }
}

interface Collected {
  row: Row
  isTold: boolean
  measured: Measured & { times: number[] }
}

function collect(side: Side, rowsOf: (run: SessionData) => Row[]): Map<string, Collected> {
  const collected = new Map<string, Collected>()
  side.runs.forEach((run, i) => {
    for (const row of rowsOf(run)) {
      const found = collected.get(row.key) ?? {
        row,
        isTold: false,
        measured: { times: side.runs.map(() => 0), sampledTime: 0, interval: side.interval },
      }
      collected.set(row.key, found)
      found.isTold ||= row.isOuter !== true
      found.measured.times[i]! += row.time / run.meta.runs
      found.measured.sampledTime += row.cpuTime / run.meta.runs / side.runs.length
    }
  })
  return collected
}
