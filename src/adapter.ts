/**
 * The port that a runtime implements. The core asks it to start a recording and to run the request inside;
 * what comes back is a `Capture`: raw samples and what was seen of the request's awaits, not interpreted yet.
 */

import type { Fidelity, SpanRecord } from './session/records.ts'
import type { FileSystem } from './store/file-system.ts'

/** A runtime, as the profiler sees it. Small: it is there before anything is recorded. */
export interface Runtime {
  /** `node`, `bun`, `deno`, `workerd` or `timing`. */
  readonly name: string
  /** The runtime's version, like `24.21.0`. */
  readonly version: string
  /** The value of an environment variable; undefined when there is none, or no environment. */
  env(name: string): string | undefined
  /** Whether it serves the public, on runtimes that know it only while they serve a request. */
  isDeployed?(): boolean
  /** Where `term=1` and warnings are printed. */
  readonly terminal: Terminal
  readonly fileSystem?: FileSystem
  /** The project's directory, to which paths are shown relative; empty when there is none. */
  readonly projectRoot: string
  /** Beginnings of the paths of this package's own files, where it does not run from `node_modules`. */
  readonly ownFiles: readonly string[]
  /** Loads what records; called when the first recording is asked for. */
  loadAdapter(): Promise<Adapter>
}

/** What records on a runtime. One object for each process, shared by all profilers. */
export interface Adapter {
  /**
   * Starts a recording. Recordings may overlap.
   *
   * @throws When recording is impossible here; the message says why and what to do.
   */
  start(options: RecordingOptions): Recording | Promise<Recording>
  /** Prepares for recordings that start at once, as long as the process lives; where that can be had. */
  keepWarm?(intervalUs: number): void | Promise<void>
  /** The recording to which the code that calls belongs. */
  current(): Recording | undefined
  /** The recording to which it probably belongs, on runtimes that cannot always tell. */
  likely?(): Recording | undefined
  /** Runs synchronous work of the profiler itself, so that recordings in flight do not count it as blocking. */
  readonly uncounted: <T>(work: () => T) => T
}

export interface Terminal {
  /** Writes text to the terminal, on stderr, a newline added. */
  print(text: string): void
  /** Whether colours are wanted: a terminal, and `NO_COLOR` is not set. */
  readonly color: boolean
}

export interface RecordingOptions {
  /** Microseconds between two samples. */
  intervalUs: number
  /** Where the runtime's own inspector listens, for those that reach it only from outside. */
  inspectorUrl?: string | undefined
  /** The most awaits and callbacks to follow: each of them keeps a stack, which is some 2 kB. */
  maxOperations?: number
  /** Called when that many are followed; no more are from then on. */
  onFull?: () => void
}

/** A recording in flight. */
export interface Recording {
  /** Runs the request; everything that it starts belongs to the recording. Called once. */
  run<T>(request: () => Promise<T>): Promise<T>
  /** Runs `work` as a named part of the request. */
  span<T>(name: string, kind: SpanRecord['kind'], work: () => T): T
  /** Notes that the response's body begins now. */
  firstByte?(): void
  /** Gives what the request uses instead of its bindings (`c.env`), so that calls of their methods are seen. */
  bindings?<Env extends object>(env: Env): Env
  /** Ends the recording; called once, after `run` has settled, or before it when the longest recording is reached. */
  stop(): Capture | Promise<Capture>
}

/** A function as a runtime names it: its script's URL or path, and where it is defined (from 1; 0 unknown). */
export interface CapturedFunction {
  name: string
  url: string
  line: number
  column: number
  /** V8's call sites give the function's first token, its sampler the opening parenthesis after the name. */
  isAtToken?: boolean
  /** Where it was executing, in the file at `url`, when its own position is not known. */
  within?: { line: number; column: number }
}

/** A position in a file, from 1. */
export interface SourcePosition {
  /** Path or URL. */
  file: string
  line: number
  column: number
}

/** Finds what the user wrote for a position in what runs; undefined where they are the same, or it is not known. */
export type OriginalPosition = (
  url: string,
  line: number,
  column: number
) => SourcePosition | undefined

/** A function as it is written: from its name or first token to its end. Lines and columns from 1. */
export interface SourceFunction {
  /** With its class, or by what it is assigned to or handles; empty for none. */
  name: string
  /** Its key is computed when the program runs: then only the engine knows its name. */
  isComputed?: boolean
  line: number
  column: number
  /** Its first character, decorators included. */
  headLine: number
  headColumn: number
  /** Where its body begins. */
  bodyLine: number
  bodyColumn: number
  endLine: number
  /** The column after its last character. */
  endColumn: number
  /** What it calls or gets by name, in order; what functions inside it do is theirs. */
  calls: readonly { name: string; line: number }[]
}

/** What is known of the text of what ran. All of it is there before it is asked for. */
export interface SourceLookup {
  /** Leads to what the user wrote. */
  position: OriginalPosition
  /** The name that a source map gives to a position. */
  nameAt(url: string, line: number, column: number): string | undefined
  /** The lines that a line of what runs was made of, of one file; undefined when they are not known. */
  linesOf(url: string, line: number): { first: number; last: number } | undefined
  /** The functions of a file of the application; undefined when its text is not known. */
  functions(file: string): FileFunctions | undefined
}

/** The functions of a file. Lines and columns from 1. */
export interface FileFunctions {
  /** The function that an engine says is defined there. */
  definedAt(line: number, column: number): SourceFunction | undefined
  /** The innermost function around a position that is executed. */
  around(line: number, column: number): SourceFunction | undefined
  /** The only function that an engine may call by a name; undefined when there are more, or none. */
  named(name: string): SourceFunction | undefined
  /** The function in which a line is executed by way of `caller`, which calls it; the way there, without `caller`. */
  inlinedAt(caller: SourceFunction, line: number): readonly SourceFunction[]
}

/** A script's source map, and where it stands: sources are named relative to that. */
export interface ScriptMap {
  /** The bytes of its JSON, or what they hold. */
  map: Uint8Array | object
  url: string
}

/** What a runtime can read once a recording has ended. */
export interface SourceFiles {
  /**
   * The source map of what runs under a URL; undefined when there is none. The same object while it does not change.
   *
   * @throws When there is one that cannot be read; the message says why.
   */
  map(url: string): Promise<ScriptMap | undefined>
  /** The text of a file; undefined when it cannot be read. */
  text(file: string): Promise<string | undefined>
  /** Prepares for the maps of these URLs, all that the recording saw. */
  prepare?(urls: ReadonlySet<string>): Promise<void>
  /** Lets the event loop go on for a moment. */
  breathe(): Promise<void>
  /** Loads what reads sources: only runtimes that have any bring it along. */
  load(): Promise<{ loadSources: LoadSources }>
}

/** What is known of the sources of a recording. */
export interface LoadedSources {
  lookup: SourceLookup
  /** The text of a file of the application. */
  text(file: string): string | undefined
  /** Sentences about what could not be read. */
  notes: string[]
  /** Lets go of what only this report needed. */
  release(): void
}

/** Reads the source maps of what a recording saw, and the application's files that they lead to. */
export type LoadSources = (
  capture: Capture,
  files: SourceFiles,
  paths: { projectRoot: string; ownFiles: readonly string[] },
  uncounted: Adapter['uncounted']
) => Promise<LoadedSources>

/** A call stack, outermost first. `line` is the executing line of each frame, 0 when unknown. */
export interface CapturedFrame {
  function: CapturedFunction
  line: number
  column: number
  /** It is no caller on the stack, but suspended in an await that no operation tells of: that of a thenable. */
  isSuspended?: boolean
  /** Where the function was seen a moment before or after, where `line` is unknown; column 0 for unknown. */
  near?: { line: number; column: number }
}

/** What brought the request back onto the processor. */
export type OperationKind =
  /** An `await`: the captured stack ends with the function that awaits. */
  | 'await'
  /** A promise that goes on as another does, like that of an async function which returns one: no line awaits. */
  | 'adopt'
  /** A callback given to `then`, `catch` or `finally`. */
  | 'then'
  /** A member of `Promise.all` or `allSettled`. */
  | 'all'
  /** A member of `Promise.race`. */
  | 'race'
  /** A member of `Promise.any`. */
  | 'any'
  /** A callback of a timer, an event, a native operation. */
  | 'callback'
  /** The request itself. */
  | 'root'

/** Raw samples: a time and a stack each. Stacks are the sampler's own; `-1` idle, `-2` no JavaScript, `-3` collecting garbage. */
export interface CapturedSamples {
  timeUs: ArrayLike<number>
  stack: ArrayLike<number>
  /** The frames of a stack, outermost first. */
  frames(stack: number): readonly CapturedFrame[]
}

export const IDLE_STACK = -1
export const NO_STACK = -2
export const GC_STACK = -3

/**
 * The request's asynchronous operations. Operation 0 is the request itself. All numbers that point
 * at something are -1 when it is unknown.
 */
export interface CapturedOperations {
  count: number
  kind(operation: number): OperationKind
  /** What it is called, like `Timeout`; empty when it has no better name than its stack. */
  name(operation: number): string
  /** The stack that created it, outermost first, own hooks left out; as far as it is known. */
  frames(operation: number): readonly CapturedFrame[]
  createdUs(operation: number): number
  /** The run that created it. */
  createdIn(operation: number): number
  /** The operation it waits for: the promise that an `await` awaits. */
  awaits(operation: number): number
  /** When it was settled, and by which run. */
  settledUs(operation: number): number
  settledIn(operation: number): number
  /** When a timer is due; NaN for everything else. */
  dueUs(operation: number): number
  /** The work of others that settled what an operation waits for, where the runtime tells. */
  delivery?(operation: number): Delivery | undefined
}

/** A turn of the event loop that belongs to no run of the request, from its beginning until it settled a promise. */
export interface Delivery {
  startUs: number
  endUs: number
}

/**
 * When the request held the processor. A segment is an uninterrupted stretch of a run; segments neither
 * overlap nor nest and stand in order of time.
 */
export interface CapturedSegments {
  run: readonly number[]
  startUs: ArrayLike<number>
  endUs: ArrayLike<number>
  /**
   * Until when the run was seen to hold the processor, for segments whose end may have been noticed late; the rest of
   * the segment is its own only where samples say so.
   */
  seenUs?: ArrayLike<number>
  /** The operation that started a run. */
  operationOf(run: number): number
  /** The stack of a segment, where the runtime has no samples that tell it; else it is the place of the operation. */
  frames?(segment: number): readonly CapturedFrame[]
}

/** A sampler has one interval, whoever uses it. */
export const OTHER_INTERVAL =
  'the interval is that of another recording, or of `warm`, for which the sampler was on already'

/** What a recording saw. Microseconds on one clock of any epoch. */
export interface Capture {
  startUs: number
  endUs: number
  /** Whether the recording ended before the request did. */
  isCut?: boolean
  /** When the response's body began, if it did. */
  firstByteUs?: number | undefined
  /** Epoch milliseconds at `startUs`. */
  startTime: number
  intervalUs: number
  samples: CapturedSamples
  operations: CapturedOperations
  segments: CapturedSegments
  /** The function in which the request was started: stacks are cut there. */
  root: CapturedFunction | undefined
  /** Stretches in which the profiler itself held the processor, in order of their ends. One may lie within another. */
  pauses: { startUs: ArrayLike<number>; endUs: ArrayLike<number> }
  spans: SpanRecord[]
  fidelity: Fidelity
  /** Milliseconds. */
  startOverhead: number
  stopOverhead: number
  notes: string[]
  /** Leads from positions in transpiled code to the source, as far as the runtime does it itself. */
  originalPosition?: OriginalPosition
  /** Reads the text of what ran. */
  files?: SourceFiles
}
