/**
 * The records of a session: plain JSON, the same from every runtime. Trees are derived from them (tree.ts).
 *
 * Samples are exclusive and follow one another without a gap, so a sample starts where the one before it
 * ends, the first one at 0, and all durations add up to the duration of the request, exactly.
 */

/** Names the file format, so that a loader can tell a session from other JSON. */
export const SESSION_FORMAT = 'hono-profiler-session'

/** The version of the file format that this package writes. */
export const SESSION_VERSION = 1

/** The states of a sample; `samples.state` holds positions in this list. */
export const STATES = ['cpu', 'gc', 'await', 'blocked'] as const

/** What the request was doing during a sample. */
export type State = (typeof STATES)[number]

/** Numbers of the states, to compare with `samples.state`. */
export const CPU = 0
export const GC = 1
export const AWAIT = 2
export const BLOCKED = 3

/** Milliseconds spent in each state; they add up to the duration. */
export type Totals = Record<State, number>

/** Whose code a function is. Only `app` counts as application code. */
export type Origin = 'app' | 'library' | 'runtime' | 'native' | 'profiler'

/** A function, interned: stacks point at it by position. */
export interface FunctionRecord {
  /** The function's name; `(anonymous)` when it has none. */
  name: string
  /** Absolute path or URL of its file; empty for native functions. */
  file: string
  /** The file as a person would name it: relative to the project, or `package/path` for a library. */
  fileShort: string
  /** Line of the function's definition, from 1; 0 when unknown. */
  line: number
  /** Column of the function's definition, from 1; 0 when unknown. */
  column: number
  origin: Origin
  /** The package of a `library` function. */
  package?: string
}

/**
 * Call stacks as an interned trie, in columns. Entry `i` is function `function[i]`, executing `line[i]`
 * (0 when unknown), called by entry `parent[i]` (-1: by the request itself). Parents stand before children.
 */
export interface StackTable {
  parent: number[]
  function: number[]
  line: number[]
}

/** What the request did, in order of time, in columns. `stack` is -1 where only the request itself is known. */
export interface SampleTable {
  stack: number[]
  durationUs: number[]
  /** Positions in `STATES`. */
  state: number[]
}

/** What other work ran while the request was `blocked`, in columns. Not part of the request's own time. */
export interface BlockerTable {
  stack: number[]
  startUs: number[]
  durationUs: number[]
}

/** One awaited operation. Operations overlap when branches run in parallel. */
export interface WaitRecord {
  /** What was awaited, in a word or two: `setTimeout`, `fetch`, `loadUser`. */
  name: string
  /** Stack entry of the line that awaits, or that calls what is awaited further in; -1 when unknown. */
  stack: number
  /** Stack entry of the `await` itself, where `stack` leads further in: to the helper that made the promise. */
  awaiting?: number
  /** When the operation began, which may be before it was awaited. */
  startUs: number
  /** When the request began to wait for it. */
  awaitedUs: number
  /** When the request went on. */
  endUs: number
  /** True when finishing it earlier would have finished the request earlier. */
  critical: boolean
  /** It had not ended at `endUs`: a timeout was over, and the request went on without it. */
  unfinished?: true
}

/** A named part of the request: one of Hono's middleware or handlers, or what the user marked. */
export interface SpanRecord {
  name: string
  kind: 'middleware' | 'handler' | 'user'
  startUs: number
  endUs: number
  /** Position of the enclosing span; -1 at the top. */
  parent: number
}

/** How the figures were obtained on this runtime, in words that a reader understands. */
export interface Fidelity {
  cpu: string
  waits: string
}

/** What recording cost, in milliseconds. None of it is part of the session's duration. */
export interface Overhead {
  /** Starting the sampler, before the request began. */
  start: number
  /** Taken out of the request's time: hooks that watched its awaits, and recordings that started or stopped beside it. */
  excluded: number
  /** Stopping the sampler and reading it out, after the request ended. */
  stop: number
}

/** The request that was recorded; absent when a function was profiled without HTTP. */
export interface RequestMeta {
  method: string
  /** Path and query of the URL. */
  path: string
  /** The route's pattern, like `/orders/:id`. */
  route?: string
  status?: number
  /** Milliseconds until the response's body began; the rest of the duration is the body. Absent when there was none. */
  timeToFirstByte?: number
  /** What the handler threw, as text. */
  error?: string
}

export interface SessionMeta {
  /** What was profiled: `GET /orders`, or the name of a function. */
  description: string
  runtime: string
  runtimeVersion: string
  /** When the request began, in epoch milliseconds. */
  startTime: number
  /** Milliseconds. */
  duration: number
  /** Milliseconds asked for between two samples. */
  interval: number
  /** How many samples of the sampler belong to the request. */
  sampleCount: number
  totals: Totals
  fidelity: Fidelity
  overhead: Overhead
  request?: RequestMeta
  /** Sentences about what the reader should know: a limit reached, a sampler that could not start. */
  notes: string[]
  /** How many requests were merged by `Session.combine`; 1 for a single one. */
  runs: number
  /** Milliseconds of each merged request, in the order of their samples; they add up to `duration`. */
  durations?: number[]
}

/** Some lines of one file of the application, so that a report can show them. A file may have several such parts. */
export interface SourceText {
  /** As `FunctionRecord.file` has it. */
  file: string
  /** The number of the first line, from 1. */
  startLine: number
  lines: string[]
}

/** A recorded request: what is kept on disk, sent to the page and given to renderers. */
export interface SessionData {
  format: typeof SESSION_FORMAT
  version: typeof SESSION_VERSION
  meta: SessionMeta
  functions: FunctionRecord[]
  stacks: StackTable
  samples: SampleTable
  blockers: BlockerTable
  waits: WaitRecord[]
  spans: SpanRecord[]
  /** The lines around those that took time, where the option `sourceText` allows it. Parts of a file do not overlap. */
  sources?: SourceText[]
}
