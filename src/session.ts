import type { DiffOptions, SessionDiff } from './analysis/diff.ts'
import { diffSessions } from './analysis/diff.ts'
import type { Finding } from './analysis/findings.ts'
import { findings } from './analysis/findings.ts'
import type { FunctionTime } from './analysis/functions.ts'
import { functionTimes } from './analysis/functions.ts'
import type { SourceLine } from './analysis/lines.ts'
import { sourceLines } from './analysis/lines.ts'
import type { MiddlewareTime } from './analysis/middleware.ts'
import { middlewareTimes } from './analysis/middleware.ts'
import type { HotPath, HotPathOptions, ProfileEntry, QueryOptions } from './analysis/query.ts'
import { callees, callers, flat, hotPaths } from './analysis/query.ts'
import type { WaitGroup } from './analysis/waits.ts'
import { waitGroups } from './analysis/waits.ts'
import { combineSessions } from './session/combine.ts'
import { parseSession } from './session/format.ts'
import type { Frame } from './session/frame.ts'
import type { SessionData, SessionMeta } from './session/records.ts'
import { buildCallTree } from './session/tree.ts'
import { writeSessionFile } from './store/file-system.ts'

/** One recorded request: its records, and what can be asked of them. All times are milliseconds. */
export class Session {
  readonly data: SessionData

  /** @param data Records that `checkSession` accepts; they are not copied and must not be changed. */
  constructor(data: SessionData) {
    this.data = data
  }

  get meta(): SessionMeta {
    return this.data.meta
  }

  /** Milliseconds from the start of the request to its end. */
  get duration(): number {
    return this.data.meta.duration
  }

  /**
   * The call tree, unprocessed. Each call builds a new one, so it may be changed freely.
   *
   * @param options With `timeline: true`, calls stand in order of time and are not merged.
   */
  rootFrame(options?: { timeline?: boolean }): Frame {
    return buildCallTree(this.data, options)
  }

  /** Self time by function, most first; the times of all functions add up to the duration. `n` is 20 by default. With `by: 'total'`, what they call counts as well. */
  flat(options?: QueryOptions): ProfileEntry[] {
    return flat(this.data, options)
  }

  /** Who calls the function `name`: its self time by immediate caller, most first. `n` is 10 by default. */
  callers(name: string, options?: QueryOptions): ProfileEntry[] {
    return callers(this.data, name, options)
  }

  /** Where the time below the function `name` goes: self time of everything that it calls, most first. `n` is 10 by default. */
  callees(name: string, options?: QueryOptions): ProfileEntry[] {
    return callees(this.data, name, options)
  }

  /** The stacks with most self time, as text. `n` is 10 and `depth`, the number of frames kept, 8 by default. */
  hotPaths(options?: HotPathOptions): HotPath[] {
    return hotPaths(this.data, options)
  }

  /** Every function with its self and total time, most self time first. */
  functions(): FunctionTime[] {
    return functionTimes(this.data)
  }

  /** What was awaited, where, how often and how long, in sequence or in parallel; the longest first. */
  waits(): WaitGroup[] {
    return waitGroups(this.data)
  }

  /** Hono's middleware and handlers with the time of each, in order of start. */
  middleware(): MiddlewareTime[] {
    return middlewareTimes(this.data)
  }

  /** What makes the request slow and what to do, most important first; empty when nothing stands out. */
  findings(): Finding[] {
    return findings(this.data)
  }

  /**
   * Time by line of application code, most first: what a line calls or awaits in libraries is its own.
   *
   * @param file Only files whose path contains it; all by default.
   */
  lines(file?: string): SourceLine[] {
    return sourceLines(this.data, file)
  }

  /**
   * Writes the session to a file, which `loadSession` reads.
   *
   * @throws When the runtime has no file system, or the file cannot be written.
   */
  async save(path: string): Promise<void> {
    await writeSessionFile(path, JSON.stringify(this.data))
  }

  toJSON(): SessionData {
    return this.data
  }

  /**
   * Reads what `toJSON` gave, as an object or as text.
   *
   * @throws TypeError A sentence that says what is wrong and where, when `json` is not a session.
   */
  static fromJSON(json: unknown): Session {
    return new Session(parseSession(json))
  }

  /**
   * Merges several sessions into one whose times are their sums, to see what many requests of one route
   * have in common. Its samples stand one request after another.
   *
   * @throws TypeError When `sessions` is empty.
   */
  static combine(sessions: readonly Session[]): Session {
    return new Session(combineSessions(sessions.map((session) => session.data)))
  }
}

/**
 * Compares requests before a change with requests after it: which functions, lines and waits changed, each with
 * an interval for the true change. Give several requests of each, as a list or combined: a single one cannot
 * show how much requests vary.
 *
 * @throws TypeError When a side has no session, or `confidence` is not between 0 and 1.
 * @example
 * const { total, functions } = diff(before, after)
 * console.log(total.change, functions.filter((each) => each.significant))
 */
export function diff(
  before: Session | readonly Session[],
  after: Session | readonly Session[],
  options?: DiffOptions
): SessionDiff {
  return diffSessions(recordsOf(before), recordsOf(after), options)
}

function recordsOf(sessions: Session | readonly Session[]): SessionData[] {
  return [sessions].flat().map(({ data }) => data)
}
