/**
 * Sees when a recorded request holds the processor and what it waits for, on runtimes whose `async_hooks` tell
 * nothing of promises: Bun, Deno, workerd.
 *
 * - Whose turn it is, the runtime's `AsyncLocalStorage` knows.
 * - Where an `await` waits, the getter on `Promise.prototype.constructor` sees (../promise-getter.ts).
 * - When it is resumed, a reaction registered in that getter tells: it runs just before the continuation.
 * - When a run ends, a microtask tells that is put in the queue as the run begins: it comes right after the run,
 *   unless others were waiting already, and those end the run as they begin.
 * - Which run settled a promise, the same microtasks tell: the queue is first in, first out, so what stands
 *   between the marker of one run and that of the next was put there by the first.
 * - Callbacks of timers and other APIs are wrapped by callers: `note` when the API is called, `call` around the
 *   callback, `settles` for the promise that an API gives.
 */

import type { Restore } from '../patch.ts'
import { afterMicrotasks, installPromiseGetter, onSettled } from '../promise-getter.ts'
import type { Operation, OperationLimit } from '../track.ts'
import { Track } from '../track.ts'
import type { ApiTracker, Hook, TrackerPort } from './port.ts'
import { Processor } from './processor.ts'

/** One for each process: it owns the getter, which is installed only while a request is recorded. */
export class AwaitTracker<Owner> implements ApiTracker {
  readonly #port: TrackerPort
  readonly #processor: Processor
  readonly #tracks = new Set<Track<Owner>>()
  #promises = new WeakMap<object, Operation>()
  #restore: (Restore | undefined)[] = []

  constructor(port: TrackerPort) {
    this.#port = port
    this.#processor = new Processor(port)
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
    this.#processor.leaveTrack(track)
    this.#tracks.delete(track)
    if (this.#tracks.size === 0) {
      for (const restore of this.#restore) {
        restore?.()
      }
      this.#restore = []
      this.#processor.reset()
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
    const { depth } = this.#processor
    this.#processor.enter(operation, this.#port.nowUs())
    try {
      return callback()
    } finally {
      this.#processor.leave(depth)
    }
  }

  defer(name: string, wrapper: Hook): void {
    const operation = this.note(name, wrapper)
    if (operation) {
      afterMicrotasks(() => {
        if (operation.track.live) {
          this.#processor.resume(operation, this.#port.nowUs())
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
        this.#processor.leave(0)
        awaited.settledUs = this.#port.nowUs()
        awaited.settledIn = this.#processor.enter(operation, awaited.settledUs)
      }
    })
  }

  #awaited(promise: object, hook: Hook): void {
    const track =
      this.current() ?? (this.#port.losesContext ? this.#processor.current?.track : undefined)
    if (!track) {
      onSettled(promise, this.#processor.beginForeign)
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
    const open = this.#processor.current
    if (open?.track === track) {
      return open.run
    }
    const callback = track.add('callback', nowUs, track.runs.length - 1)
    callback.stack = this.#port.captureStack(hook)
    return this.#processor.enter(callback, nowUs)
  }

  #resume(reaction: Operation): void {
    const { track } = reaction
    if (!track.live) {
      this.#processor.beginForeign()
      return
    }
    const nowUs = this.#port.nowUs()
    const awaited = track.operations[reaction.awaits]!
    if (Number.isNaN(awaited.settledUs)) {
      awaited.settledUs = nowUs
      const { enqueuer } = this.#processor
      awaited.settledIn = enqueuer?.track === track ? enqueuer.run : -1
    }
    this.#processor.resume(reaction, nowUs)
  }
}
