import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks'
import type { AsyncHook } from 'node:async_hooks'
import type { OperationLimit } from '../../src/capture/track.ts'
import { captureStack } from '../common/call-sites.ts'

/** Reads the clock in microseconds. Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)
export const nowUs = (): number => now() * 1000

/** Something asynchronous that the request started: a timer, a native operation, a promise. */
export interface Operation {
  track: Track<unknown>
  index: number
  /** As `async_hooks` names it: `Timeout`, `PROMISE`. */
  type: string
  createdUs: number
  createdIn: number
  awaits: number
  dueUs: number
  settledUs: number
  settledIn: number
  /** Its `stack` is formatted when it is first read, so an unread one costs little. */
  holder: { stack?: unknown } | undefined
}

/** What is seen of one recorded request. Runs are numbered; a segment is an uninterrupted stretch of a run. */
export class Track<Owner> {
  /** What the request is recorded by. */
  readonly owner: Owner
  live = true
  /** Operations that keep a stack. */
  followed = 0
  readonly operations: Operation[] = []
  readonly asyncIds: number[] = []
  /** The operation that started each run. */
  readonly runs: number[] = []
  readonly segments = { run: [] as number[], startUs: [] as number[], endUs: [] as number[] }
  readonly pauses = { startUs: [] as number[], endUs: [] as number[] }
  readonly limit: OperationLimit

  constructor(owner: Owner, limit: OperationLimit) {
    this.owner = owner
    this.limit = limit
  }

  /** Leaves a stretch of the profiler's own work out of the request. */
  pause(startUs: number, endUs: number): void {
    this.pauses.startUs.push(startUs)
    this.pauses.endUs.push(endUs)
  }
}

interface OpenRun {
  track: Track<unknown>
  run: number
  asyncId: number
}

/**
 * Sees when recorded requests hold the processor, and what they wait for. The hooks are enabled only while a
 * request is recorded: they cost every promise of the process about 0.2 us, a recorded one a stack as well.
 */
export class AsyncTracker<Owner> {
  /** Where the recordings keep their current span. */
  readonly spanStorage: AsyncLocalStorage<unknown> = new AsyncLocalStorage()
  readonly #owner = new AsyncLocalStorage<Track<Owner>>()
  readonly #operations = new Map<number, Operation>()
  readonly #tracks = new Set<Track<Owner>>()
  readonly #hook: AsyncHook
  #open: OpenRun[] = []
  #segmentStartUs = 0

  constructor() {
    this.#hook = createHook({
      init: (asyncId, type, triggerId, resource) => {
        this.#init(asyncId, type, triggerId, resource)
      },
      before: (asyncId) => {
        this.#before(asyncId)
      },
      after: (asyncId) => {
        this.#after(asyncId)
      },
      promiseResolve: (asyncId) => {
        this.#settle(asyncId)
      },
    })
  }

  /** Begins to watch. The caller runs the request by `run`. */
  begin(owner: Owner, limit: OperationLimit): Track<Owner> {
    const track = new Track(owner, limit)
    if (this.#tracks.size === 0) {
      this.#hook.enable()
    }
    this.#tracks.add(track)
    return track
  }

  /** Calls `request` so that all that it starts belongs to `track`, as operation and run 0. */
  run<T>(track: Track<Owner>, request: () => T): T {
    const root = this.#add(track, 'request', nowUs(), -1)
    return this.#owner.run(track, () => {
      this.#enter(root, 0)
      try {
        return request()
      } finally {
        this.#leave(0)
      }
    })
  }

  /** Ends watching; what the request started and left behind is no longer followed. */
  end(track: Track<Owner>): void {
    const endUs = nowUs()
    this.#closeSegment(endUs)
    this.#segmentStartUs = endUs
    track.live = false
    this.#open = this.#open.filter((open) => open.track !== track)
    for (const asyncId of track.asyncIds) {
      this.#operations.delete(asyncId)
    }
    this.#tracks.delete(track)
    if (this.#tracks.size === 0) {
      this.#hook.disable()
      this.#open = []
    }
  }

  /** The recording to which the code that calls belongs. */
  current(): Track<Owner> | undefined {
    const track = this.#owner.getStore()
    return track?.live ? track : undefined
  }

  /** Leaves a stretch out of every recording in flight. */
  pauseAll(startUs: number, endUs: number): void {
    for (const track of this.#tracks) {
      track.pause(startUs, endUs)
    }
  }

  #init(asyncId: number, type: string, triggerId: number, resource: object): void {
    const track = this.#owner.getStore()
    if (!track?.live) {
      return
    }
    const startUs = nowUs()
    const open = this.#open.at(-1)
    const isPromise = type === 'PROMISE'
    // A promise triggered by another one is an `await` or a `then`; any other is only made here.
    const isReaction = isPromise && triggerId !== executionAsyncId()
    const awaits = isReaction ? this.#operations.get(triggerId) : undefined
    const operation = this.#add(track, type, startUs, open?.track === track ? open.run : -1)
    operation.awaits = awaits?.track === track ? awaits.index : -1
    if (type === 'Timeout') {
      operation.dueUs = startUs + (resource as { _idleTimeout: number })._idleTimeout * 1000
    }
    track.asyncIds.push(asyncId)
    this.#operations.set(asyncId, operation)
    if (isReaction || !isPromise) {
      operation.holder = captureStack()
      if (++track.followed === track.limit.maxOperations) {
        track.live = false
        track.limit.onFull?.()
      }
    }
    track.pause(startUs, nowUs())
  }

  #add(track: Track<unknown>, type: string, createdUs: number, createdIn: number): Operation {
    const operation: Operation = {
      track,
      index: track.operations.length,
      type,
      createdUs,
      createdIn,
      awaits: -1,
      dueUs: NaN,
      settledUs: NaN,
      settledIn: -1,
      holder: undefined,
    }
    track.operations.push(operation)
    return operation
  }

  #before(asyncId: number): void {
    const operation = this.#operations.get(asyncId)
    if (operation !== undefined) {
      this.#enter(operation, asyncId)
    }
  }

  #after(asyncId: number): void {
    if (this.#operations.has(asyncId)) {
      this.#leave(asyncId)
    }
  }

  #settle(asyncId: number): void {
    const operation = this.#operations.get(asyncId)
    if (operation !== undefined) {
      const open = this.#open.at(-1)
      operation.settledUs = nowUs()
      operation.settledIn = open?.track === operation.track ? open.run : -1
    }
  }

  #enter(operation: Operation, asyncId: number): void {
    const { track } = operation
    const startUs = nowUs()
    this.#closeSegment(startUs)
    const run = track.runs.push(operation.index) - 1
    this.#open.push({ track, run, asyncId })
    this.#segmentStartUs = startUs
  }

  /** An exception can skip the `after` of inner runs, so everything above the run goes with it. */
  #leave(asyncId: number): void {
    const depth = this.#open.findLastIndex((open) => open.asyncId === asyncId)
    if (depth < 0) {
      return
    }
    const endUs = nowUs()
    this.#closeSegment(endUs)
    this.#open.length = depth
    this.#segmentStartUs = endUs
  }

  #closeSegment(endUs: number): void {
    const open = this.#open.at(-1)
    if (open !== undefined) {
      const { run, startUs, endUs: ends } = open.track.segments
      run.push(open.run)
      startUs.push(this.#segmentStartUs)
      ends.push(endUs)
    }
  }
}
