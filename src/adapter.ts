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
}

/** A recording in flight. */
export interface Recording {
  /** Runs the request; everything that it starts belongs to the recording. Called once. */
  run<T>(request: () => Promise<T>): Promise<T>
  /** Runs `work` as a named part of the request. */
  span<T>(name: string, kind: SpanRecord['kind'], work: () => T): T
  /** Gives what the request uses instead of its bindings (`c.env`), so that calls of their methods are seen. */
  bindings?<Env extends object>(env: Env): Env
  /** Ends the recording; called once, after `run` has settled, also when the request threw. */
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

/** A call stack, outermost first. `line` is the executing line of each frame, 0 when unknown. */
export interface CapturedFrame {
  function: CapturedFunction
  line: number
  column: number
}

/** What brought the request back onto the processor. */
export type OperationKind =
  /** An `await`: the captured stack ends with the function that awaits. */
  | 'await'
  /** A callback given to `then`, `catch` or `finally`. */
  | 'then'
  /** A member of `Promise.all` or `allSettled`. */
  | 'all'
  /** A member of `Promise.race` or `any`. */
  | 'race'
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
}

/**
 * When the request held the processor. A segment is an uninterrupted stretch of a run; segments neither
 * overlap nor nest and stand in order of time.
 */
export interface CapturedSegments {
  run: readonly number[]
  startUs: ArrayLike<number>
  endUs: ArrayLike<number>
  /** The operation that started a run. */
  operationOf(run: number): number
  /** The stack of a segment, where the runtime has no samples that tell it; else it is the place of the operation. */
  frames?(segment: number): readonly CapturedFrame[]
}

/** What a recording saw. Microseconds on one clock of any epoch. */
export interface Capture {
  startUs: number
  endUs: number
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
  /** Leads from positions in transpiled code to the source. */
  originalPosition?: OriginalPosition
}
