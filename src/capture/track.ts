import type {
  Capture,
  CapturedFrame,
  CapturedOperations,
  CapturedSegments,
  OperationKind,
  RecordingOptions,
} from '../adapter.ts'

/** Something asynchronous that a recorded request started: an await, a timer, a call of an API; or a promise it awaits. */
export interface Operation {
  readonly track: Track<unknown>
  readonly index: number
  /** `promise` is what an `await` awaits; it is never resumed itself. */
  readonly type: 'root' | 'reaction' | 'callback' | 'promise'
  /** What a reader calls it, like `setTimeout`; empty when its stack says it. */
  name: string
  createdUs: number
  /** The run that created it; -1 unknown. */
  createdIn: number
  /** The promise that a reaction waits for; -1 for none. */
  awaits: number
  /** When a timer is due; else NaN. */
  dueUs: number
  /** NaN until it is settled. */
  settledUs: number
  /** The run that settled it; -1 from outside of the request. */
  settledIn: number
  /** What the port's `captureStack` gave; undefined where no stack was taken. */
  stack: unknown
}

/** A captured stack, read. */
export interface CreationStack {
  kind: OperationKind
  /** Outermost first; the synchronous part only, since runs know their callers. */
  frames: readonly CapturedFrame[]
  /**
   * The promise was only looked at, as `Promise.resolve` and `Promise.all` do before they call `then`: nothing is
   * resumed by this operation itself.
   */
  isLook?: boolean
}

/** Reads the captured stack of an operation. Called at most once for each, after the recording. */
export type ReadStack = (operation: Operation) => CreationStack

/** What bounds the memory of a recording. */
export type OperationLimit = Pick<RecordingOptions, 'maxOperations' | 'onFull'>

/** What is seen of one recorded request. Runs are numbered; a segment is an uninterrupted stretch of a run. */
export class Track<Owner> {
  /** What the request is recorded by. */
  readonly owner: Owner
  live = true
  /** Whether the end of its microtasks is waited for. Of each track: what workerd cancels takes its callbacks along. */
  awaitsDrain = false
  /** What asynchronous contexts hold. Emptied at the end: runtimes keep contexts, workerd some of them for ever. */
  readonly handle: { track: Track<Owner> | undefined } = { track: this }
  readonly operations: Operation[] = []
  /** The operation that started each run. */
  readonly runs: number[] = []
  readonly segments = {
    run: [] as number[],
    startUs: [] as number[],
    endUs: [] as number[],
    seenUs: [] as number[],
  }
  readonly pauses = { startUs: [] as number[], endUs: [] as number[] }
  readonly #limit: OperationLimit
  /** Operations that keep a stack. */
  #followed = 0

  constructor(owner: Owner, limit: OperationLimit = {}) {
    this.owner = owner
    this.#limit = limit
  }

  /** Adds an operation, of which nothing is known but when and in which run it was created. */
  add(type: Operation['type'], createdUs: number, createdIn: number): Operation {
    const operation: Operation = {
      track: this,
      index: this.operations.length,
      type,
      name: '',
      createdUs,
      createdIn,
      awaits: -1,
      dueUs: NaN,
      settledUs: NaN,
      settledIn: -1,
      stack: undefined,
    }
    this.operations.push(operation)
    if (type !== 'promise' && ++this.#followed === this.#limit.maxOperations) {
      this.leave()
      this.#limit.onFull?.()
    }
    return operation
  }

  /** Follows the request no longer. */
  leave(): void {
    this.live = false
    this.handle.track = undefined
  }

  /** Leaves a stretch of the profiler's own work out of the request. */
  pause(startUs: number, endUs: number): void {
    this.pauses.startUs.push(startUs)
    this.pauses.endUs.push(endUs)
  }
}

/** A finished track in the form that a capture has. Stacks are read when they are asked for. */
export function readTrack(
  track: Track<unknown>,
  readStack: ReadStack
): Pick<Capture, 'operations' | 'segments' | 'pauses'> {
  const stackOf = rememberStacks((index) => {
    const operation = track.operations[index]!
    return operation.stack === undefined ? withoutStack(operation) : readStack(operation)
  })
  return {
    operations: captureOperations(track.operations, stackOf, ({ name }) => name),
    segments: segmentsOf(track, (index) => stackOf(index).isLook === true),
    pauses: track.pauses,
  }
}

function withoutStack({ type }: Operation): CreationStack {
  return { kind: type === 'root' ? 'root' : type === 'reaction' ? 'then' : 'callback', frames: [] }
}

/** Reads each stack once, when it is first asked for: most of them never are. */
export function rememberStacks(
  read: (index: number) => CreationStack
): (index: number) => CreationStack {
  const stacks: (CreationStack | undefined)[] = []
  return (index) => (stacks[index] ??= read(index))
}

/** What every tracker notes of an operation, as `CapturedOperations` says it. */
type Noted = Pick<
  Operation,
  'createdUs' | 'createdIn' | 'awaits' | 'settledUs' | 'settledIn' | 'dueUs'
>

/** Operations in the form that a capture has. */
export function captureOperations<T extends Noted>(
  operations: readonly T[],
  stackOf: (index: number) => CreationStack,
  nameOf: (operation: T) => string
): CapturedOperations {
  const at = (index: number): T => operations[index]!
  return {
    count: operations.length,
    kind: (index) => stackOf(index).kind,
    name: (index) => nameOf(at(index)),
    frames: (index) => stackOf(index).frames,
    createdUs: (index) => at(index).createdUs,
    createdIn: (index) => at(index).createdIn,
    awaits: (index) => at(index).awaits,
    settledUs: (index) => at(index).settledUs,
    settledIn: (index) => at(index).settledIn,
    dueUs: (index) => at(index).dueUs,
  }
}

/** The segments, with those of runs that only looked at a promise given to the run that followed at once. */
function segmentsOf(
  { operations, runs, segments }: Track<unknown>,
  isLook: (operation: number) => boolean
): CapturedSegments {
  const run = [...segments.run]
  for (let i = run.length - 2; i >= 0; i--) {
    const operation = runs[run[i]!]!
    const next = runs[run[i + 1]!]!
    const follows = segments.endUs[i] === segments.startUs[i + 1]
    const isSamePromise = operations[operation]!.awaits === operations[next]!.awaits
    if (follows && isSamePromise && operations[operation]!.awaits >= 0 && isLook(operation)) {
      run[i] = run[i + 1]!
    }
  }
  const { startUs, endUs, seenUs } = segments
  return { run, startUs, endUs, seenUs, operationOf: (index) => runs[index] ?? -1 }
}
