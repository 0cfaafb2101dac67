/**
 * Sees when a recorded request holds the processor and what it waits for, on runtimes whose `async_hooks` tell
 * nothing of promises: Bun, Deno, workerd.
 *
 * - Whose turn it is, the runtime's `AsyncLocalStorage` knows.
 * - Where an `await` waits, the getter on `Promise.prototype.constructor` sees (promise-getter.ts).
 * - When it is resumed, a reaction registered in that getter tells: it runs just before the continuation.
 * - When a run ends, a microtask tells that is put in the queue as the run begins: it comes right after the run,
 *   unless others were waiting already, and those end the run as they begin.
 * - Which run settled a promise, the same microtasks tell: the queue is first in, first out, so what stands
 *   between the marker of one run and that of the next was put there by the first.
 * - Callbacks of timers and other APIs are wrapped by callers: `note` when the API is called, `call` around the
 *   callback, `settles` for the promise that an API gives.
 */

import type { Restore } from './patch.ts'
import { afterMicrotasks, installPromiseGetter, onSettled } from './promise-getter.ts'
import type { Operation, OperationLimit } from './track.ts'
import { Track } from './track.ts'

/** A function of the profiler on the stack of the application. */
export type Hook = (this: never, ...args: never[]) => unknown

/** What differs between runtimes while a request is tracked. */
export interface TrackerPort {
  /** The clock in microseconds, of any epoch; bound early, so that fake timers of an application do not reach it. */
  nowUs: () => number
  /** An `AsyncLocalStorage` for the tracker alone. */
  storage: ContextStorage
  /**
   * Takes the current stack, to be read later (`ReadStack`).
   *
   * @param hook The function of the profiler that is on top of the stack: it and what it called are left out.
   * @param awaited The promise that is about to be awaited, if any.
   */
  captureStack(hook: Hook, awaited?: object): unknown
  /**
   * Calls `work` as soon as the queue of microtasks is empty; called from a microtask of the request. `process.nextTick`
   * does so on Deno, `setImmediate` on workerd. Without it, what a run left in the queue is followed for a few
   * microtasks only.
   */
  afterDrain?: (work: () => void) => void
  /** Whether `afterDrain` comes late when the thread has other things to do than the program's. */
  isDrainLate?: boolean
  /**
   * Whether the engine takes up a promise that another one was resolved with outside of the asynchronous context,
   * as JavaScriptCore does: then that belongs to the run which put it in the queue.
   */
  losesContext?: boolean
  /** Wraps timers and other APIs while something is recorded; called with the tracker, gives what undoes it. */
  wrapApis?: (tracker: ApiTracker) => Restore
}

/** The part of `AsyncLocalStorage` that the tracker needs. */
export interface ContextStorage {
  run<T>(store: unknown, work: () => T): T
  getStore(): unknown
}

/** What wrapped APIs tell the tracker. All of it is harmless when nothing is recorded. */
export interface ApiTracker {
  /**
   * Notes that the code which runs now calls an API that goes on outside and comes back later.
   *
   * @param name What a reader calls it, like `setTimeout` or `fetch`.
   * @param wrapper The wrapping function, as it stands on the stack: the stack begins at its caller.
   * @returns undefined when the code belongs to no recording.
   */
  note(name: string, wrapper: Hook): Operation | undefined
  /** Calls a callback of the operation: exactly one run of the request. */
  call<T>(operation: Operation, callback: () => T): T
  /** Tells what a timer function returned for the operation, by which the application can cancel it. */
  scheduled?(operation: Operation, handle: unknown): void
  /**
   * Notes that the microtask which is put in the queue next goes on with what the code that runs now began.
   *
   * @param wrapper As for `note`.
   */
  defer?(name: string, wrapper: Hook): void
  /** Names the operation that settles a promise: who awaits the promise, waited for the operation. */
  settles(operation: Operation, promise: object): void
}

/** A run that holds the processor now. */
interface OpenRun {
  track: Track<unknown>
  run: number
}

/**
 * Microtasks after the marker of a run in which what the run put in the queue is still looked for. Promises given
 * to promises pass the queue up to three times before a reaction is seen.
 */
const TICKS_AFTER_RUN = 4

/** Microtasks further apart than this had something between them that the getter does not see. */
const UNSEEN_WORK_US = 20

/** One for each process: it owns the getter, which is installed only while a request is recorded. */
export class AwaitTracker<Owner> implements ApiTracker {
  readonly #port: TrackerPort
  readonly #tracks = new Set<Track<Owner>>()
  #promises = new WeakMap<object, Operation>()
  #restore: (Restore | undefined)[] = []
  /** Innermost last: more than one only where a recording or a callback starts inside of a run. */
  #open: OpenRun[] = []
  #segmentStartUs = 0
  /** Whether the segment only looks for what the run left in the queue. */
  #isTail = false
  /** When nothing of the run was left in the queue, as far as it is seen; NaN before that. */
  #quietUs = NaN
  /** The run that put into the queue what is now taken from it. */
  #enqueuer: OpenRun | undefined
  #runCount = 0

  constructor(port: TrackerPort) {
    this.#port = port
  }

  /** Begins to watch. The caller runs the request by `run`. */
  begin(owner: Owner, limit?: OperationLimit): Track<Owner> {
    const track = new Track(owner, limit)
    this.#tracks.add(track)
    if (this.#tracks.size === 1) {
      this.#restore = [
        this.#port.wrapApis?.(this),
        installPromiseGetter((promise, hook) => {
          this.#awaited(promise, hook)
        }),
      ]
    }
    return track
  }

  /** Calls `request` so that all that it starts belongs to `track`, as operation and run 0. */
  run<T>(track: Track<Owner>, request: () => T): T {
    const root = track.add('root', this.#port.nowUs(), -1)
    return this.#port.storage.run(track.handle, () => this.call(root, request))
  }

  /** Ends watching; what the request started and left behind is no longer followed. */
  end(track: Track<Owner>): void {
    const nowUs = this.#port.nowUs()
    this.#closeSegment(nowUs)
    this.#segmentStartUs = nowUs
    track.leave()
    this.#open = this.#open.filter((open) => open.track !== track)
    this.#tracks.delete(track)
    if (this.#tracks.size === 0) {
      for (const restore of this.#restore) {
        restore?.()
      }
      this.#restore = []
      this.#open = []
      this.#enqueuer = undefined
      this.#promises = new WeakMap()
    }
  }

  /** The recording to which the code that calls belongs. */
  current(): Track<Owner> | undefined {
    const handle = this.#port.storage.getStore() as Track<Owner>['handle'] | undefined
    return handle?.track
  }

  /** Leaves a stretch out of every recording in flight. */
  pauseAll(startUs: number, endUs: number): void {
    for (const track of this.#tracks) {
      track.pause(startUs, endUs)
    }
  }

  note(name: string, wrapper: Hook): Operation | undefined {
    const track = this.current()
    if (!track) {
      return undefined
    }
    const startUs = this.#port.nowUs()
    const operation = track.add('callback', startUs, this.#runOf(track, startUs, wrapper))
    operation.name = name
    operation.stack = this.#port.captureStack(wrapper)
    track.pause(startUs, this.#port.nowUs())
    return operation
  }

  call<T>(operation: Operation, callback: () => T): T {
    if (!operation.track.live) {
      return callback()
    }
    const depth = this.#open.length
    this.#enter(operation, this.#port.nowUs())
    try {
      return callback()
    } finally {
      this.#leave(depth)
    }
  }

  defer(name: string, wrapper: Hook): void {
    const operation = this.note(name, wrapper)
    if (operation) {
      afterMicrotasks(() => {
        if (operation.track.live) {
          const nowUs = this.#port.nowUs()
          this.#closeAll(nowUs)
          this.#enter(operation, nowUs)
        }
      })
    }
  }

  settles(operation: Operation, promise: object): void {
    const { track, createdUs, createdIn } = operation
    if (!track.live) {
      return
    }
    const awaited = track.add('promise', createdUs, createdIn)
    this.#promises.set(promise, awaited)
    onSettled(promise, () => {
      if (track.live) {
        this.#leave(0)
        awaited.settledUs = this.#port.nowUs()
        awaited.settledIn = this.#enter(operation, awaited.settledUs)
      }
    })
  }

  #awaited(promise: object, hook: Hook): void {
    const track = this.current() ?? (this.#port.losesContext ? this.#open.at(-1)?.track : undefined)
    if (!track) {
      onSettled(promise, this.#beginForeign)
      return
    }
    const startUs = this.#port.nowUs()
    const isPromise = onSettled(promise, () => {
      this.#resume(reaction)
    })
    if (!isPromise) {
      return
    }
    const run = this.#runOf(track, startUs, hook)
    const awaited = this.#promiseOf(promise, track, startUs, run)
    const reaction = track.add('reaction', startUs, run)
    reaction.awaits = awaited.index
    reaction.stack = this.#port.captureStack(hook, promise)
    track.pause(startUs, this.#port.nowUs())
  }

  #promiseOf(promise: object, track: Track<unknown>, nowUs: number, run: number): Operation {
    let awaited = this.#promises.get(promise)
    if (awaited?.track !== track) {
      awaited = track.add('promise', nowUs, run)
      this.#promises.set(promise, awaited)
    }
    return awaited
  }

  /**
   * The run of the request that holds the processor. When none is known, an unwrapped API called back: that run
   * began unseen, and it is seen from here on. What it follows from is not known; the run before is the best guess.
   */
  #runOf(track: Track<unknown>, nowUs: number, hook: Hook): number {
    const open = this.#open.at(-1)
    if (open?.track === track) {
      return open.run
    }
    const callback = track.add('callback', nowUs, track.runs.length - 1)
    callback.stack = this.#port.captureStack(hook)
    return this.#enter(callback, nowUs)
  }

  #resume(reaction: Operation): void {
    const { track } = reaction
    if (!track.live) {
      this.#beginForeign()
      return
    }
    const nowUs = this.#port.nowUs()
    const awaited = track.operations[reaction.awaits]!
    if (Number.isNaN(awaited.settledUs)) {
      awaited.settledUs = nowUs
      awaited.settledIn = this.#enqueuer?.track === track ? this.#enqueuer.run : -1
    }
    this.#closeAll(nowUs)
    this.#enter(reaction, nowUs)
  }

  /** What runs now belongs to no recording, and what it puts in the queue neither. */
  readonly #beginForeign = (): void => {
    if (this.#open.length > 0 || this.#enqueuer) {
      this.#closeAll(this.#port.nowUs())
      afterMicrotasks(() => {
        this.#closeAll(this.#port.nowUs())
        this.#enqueuer = undefined
      })
    }
  }

  #enter(operation: Operation, startUs: number): number {
    const { track } = operation
    const open = { track, run: track.runs.push(operation.index) - 1 }
    this.#runCount++
    this.#closeSegment(startUs)
    this.#open.push(open)
    this.#segmentStartUs = startUs
    afterMicrotasks(() => {
      this.#takeOver(open)
    })
    return open.run
  }

  #leave(depth: number): void {
    const endUs = this.#port.nowUs()
    this.#closeSegment(endUs)
    this.#open.length = depth
    this.#segmentStartUs = endUs
  }

  #closeAll(endUs: number): void {
    this.#closeSegment(endUs)
    this.#open = []
  }

  /** From here on the queue holds what a run put there; what of it the getter does not see goes on with the run. */
  #takeOver(open: OpenRun): void {
    const nowUs = this.#port.nowUs()
    this.#closeAll(nowUs)
    this.#enqueuer = open.track.live ? open : undefined
    if (this.#enqueuer) {
      this.#open = [open]
      this.#segmentStartUs = nowUs
      this.#isTail = true
      this.#watchTail(open, nowUs)
    }
  }

  #watchTail(open: OpenRun, nowUs: number): void {
    const { afterDrain, isDrainLate } = this.#port
    if (!afterDrain || isDrainLate) {
      this.#countTicks(open, nowUs, TICKS_AFTER_RUN)
    }
    if (afterDrain && !open.track.awaitsDrain) {
      open.track.awaitsDrain = true
      this.#waitForDrain(open.track, afterDrain)
    }
  }

  /** What the queue held can have put more into other queues that come before the event loop goes on. */
  #waitForDrain(track: Track<unknown>, afterDrain: (work: () => void) => void): void {
    const runs = this.#runCount
    afterDrain(() => {
      if (this.#runCount > runs) {
        this.#waitForDrain(track, afterDrain)
        return
      }
      track.awaitsDrain = false
      this.#closeAll(this.#port.nowUs())
      this.#enqueuer = undefined
    })
  }

  #countTicks(open: OpenRun, sinceUs: number, ticks: number): void {
    afterMicrotasks(() => {
      if (this.#enqueuer !== open) {
        return
      }
      const nowUs = this.#port.nowUs()
      const isBusy = nowUs - sinceUs > UNSEEN_WORK_US
      if (isBusy || ticks > 0) {
        this.#countTicks(open, nowUs, isBusy ? TICKS_AFTER_RUN : ticks - 1)
        return
      }
      this.#quietUs = nowUs
      if (!this.#port.afterDrain) {
        this.#enqueuer = undefined
        if (this.#open[0] === open) {
          this.#closeAll(nowUs)
        }
      }
    })
  }

  #closeSegment(endUs: number): void {
    const open = this.#open.at(-1)
    const isEmptyTail = this.#isTail && endUs - this.#segmentStartUs <= UNSEEN_WORK_US
    if (open && !isEmptyTail) {
      const { run, startUs, endUs: ends, seenUs } = open.track.segments
      run.push(open.run)
      startUs.push(this.#segmentStartUs)
      ends.push(endUs)
      seenUs.push(this.#isTail && this.#quietUs < endUs ? this.#quietUs : endUs)
    }
    this.#isTail = false
    this.#quietUs = NaN
  }
}
