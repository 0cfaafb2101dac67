import { createHook, executionAsyncId } from 'node:async_hooks'
import type { AsyncHook, HookCallbacks } from 'node:async_hooks'
import { promiseHooks } from 'node:v8'
import type { OperationLimit } from '../../src/capture/track.ts'
import { captureStack } from '../common/call-sites.ts'
import { AsyncIdRing } from './async-id-ring.ts'
import { nowUs } from './clock.ts'
import type { NodeStorage } from './context-storage.ts'
import { FrameStorage, HookStorage } from './context-storage.ts'
import { Deliveries } from './deliveries.ts'
import { Processor } from './processor.ts'
import { canLeavePromisesOut } from './promise-hooks.ts'
import { Operation, Track } from './track.ts'

/** What a context holds of the request that it belongs to. */
interface Handle<Owner> {
  track: Track<Owner> | undefined
}

/** Types of what goes on in the turn of the event loop that asked for it; operations that are promises have none. */
const SAME_TURN = new Set(['', 'PROMISE', 'TickObject', 'Microtask'])

type Hook = (this: never, ...args: never[]) => void

/**
 * Sees when recorded requests hold the processor, and what they wait for. The hooks are enabled only while a
 * request is recorded: they cost every promise of the process 20-50 ns (0.1 us before Node 24.14), a recorded one
 * 0.3 us, and where it may have to wait 2-4 us more for its stack.
 */
export class AsyncTracker<Owner> {
  readonly #isToldByV8 = canLeavePromisesOut()
  /** Where the recordings keep their current span. */
  readonly spanStorage: NodeStorage<unknown> = this.#storage()
  readonly #owner: NodeStorage<Handle<Owner>> = this.#storage()
  /** By `async_hooks`' number. */
  readonly #resources = new Map<number, Operation>()
  /** What others made that goes on in the same turn. */
  readonly #othersOfTurn = new AsyncIdRing()
  /** Promises of which V8 itself tells. */
  #promises = new WeakMap<object, Operation>()
  readonly #tracks = new Set<Track<Owner>>()
  readonly #hook: AsyncHook
  readonly #deliveries = new Deliveries(!this.#isToldByV8)
  #unhookPromises: (() => void) | undefined
  readonly #processor = new Processor()

  constructor() {
    const callbacks: HookCallbacks & { trackPromises?: boolean } = {
      init: this.#resourceMade,
      before: (asyncId) => {
        if (this.#othersOfTurn.has(asyncId)) {
          return
        }
        const operation = this.#resources.get(asyncId)
        if (this.#processor.isFree && !(operation && SAME_TURN.has(operation.type))) {
          this.#deliveries.turn()
        }
        this.#processor.enter(operation)
      },
      after: (asyncId) => {
        if (!this.#processor.isFree) {
          this.#processor.leave(this.#resources.get(asyncId))
        }
      },
    }
    if (this.#isToldByV8) {
      callbacks.trackPromises = false
    } else {
      callbacks.promiseResolve = (asyncId) => {
        if (this.#deliveries.areWaitedFor || !this.#othersOfTurn.has(asyncId)) {
          this.#settle(this.#resources.get(asyncId), asyncId)
        }
      }
    }
    this.#hook = createHook(callbacks)
  }

  /** Begins to watch. The caller runs the request by `run`. */
  begin(owner: Owner, limit: OperationLimit): Track<Owner> {
    const track = new Track(owner, limit)
    if (this.#tracks.size === 0) {
      this.#hook.enable()
      if (this.#isToldByV8) {
        this.#hookPromises()
      }
    }
    this.#tracks.add(track)
    return track
  }

  /** Calls `request` so that all that it starts belongs to `track`, as operation and run 0. */
  run<T>(track: Track<Owner>, request: () => T): T {
    const root = new Operation(track, 'request', nowUs(), -1)
    return this.#owner.run(track.handle, () => {
      this.#processor.enter(root)
      try {
        return request()
      } finally {
        this.#processor.leave(root)
      }
    })
  }

  /** Calls `work` so that what it starts belongs to no recording. */
  apart<T>(work: () => T): T {
    return this.#tracks.size > 0 ? this.#owner.run({ track: undefined }, work) : work()
  }

  /** Ends watching; what the request started and left behind is no longer followed. */
  end(track: Track<Owner>): void {
    this.#processor.leaveTrack(track)
    track.handle.track = undefined
    for (const operation of track.operations) {
      operation.track = undefined
    }
    for (const asyncId of track.asyncIds) {
      this.#resources.delete(asyncId)
    }
    this.#deliveries.forget(track.sharedIds)
    this.#owner.forget(track.asyncIds)
    this.spanStorage.forget(track.asyncIds)
    this.#tracks.delete(track)
    if (this.#tracks.size === 0) {
      this.#unwatch()
    }
  }

  /** The recording to which the code that calls belongs. */
  current(): Track<Owner> | undefined {
    return this.#owner.getStore()?.track
  }

  /** Leaves a stretch out of every recording in flight. */
  pauseAll(startUs: number, endUs: number): void {
    for (const track of this.#tracks) {
      track.pause(startUs, endUs)
    }
  }

  /** Whose a new resource is. Where V8 does not tell of promises, it is nobody's but what the runs of requests make. */
  #trackOfMaker(): Track<Owner> | undefined {
    return this.#isToldByV8 || !this.#processor.isFree ? this.current() : undefined
  }

  #storage<Store>(): NodeStorage<Store> {
    return this.#isToldByV8 ? new FrameStorage() : new HookStorage()
  }

  #hookPromises(): void {
    this.#unhookPromises = promiseHooks.createHook({
      init: this.#promiseMade,
      before: (promise: object) => {
        this.#processor.enter(this.#promises.get(promise))
      },
      after: (promise: object) => {
        if (!this.#processor.isFree) {
          this.#processor.leave(this.#promises.get(promise))
        }
      },
      settled: (promise: object) => {
        const operation = this.#promises.get(promise)
        if (operation !== undefined || this.#deliveries.areWaitedFor) {
          this.#settle(operation, promise)
        }
      },
    }) as () => void
  }

  #unwatch(): void {
    this.#hook.disable()
    this.#unhookPromises?.()
    this.#promises = new WeakMap()
    this.#deliveries.clear()
    this.#owner.disable()
    this.spanStorage.disable()
    this.#processor.clear()
  }

  readonly #resourceMade = (
    asyncId: number,
    type: string,
    triggerId: number,
    resource: object
  ): void => {
    const track = this.#trackOfMaker()
    if (track === undefined) {
      if (SAME_TURN.has(type)) {
        this.#othersOfTurn.add(asyncId)
      }
      return
    }
    const startUs = nowUs()
    const isPromise = type === 'PROMISE'
    const operation = new Operation(
      track,
      isPromise ? '' : type,
      startUs,
      this.#processor.runOf(track)
    )
    track.asyncIds.push(asyncId)
    this.#resources.set(asyncId, operation)
    this.#owner.inherit(asyncId)
    this.spanStorage.inherit(asyncId)
    if (!isPromise) {
      if (type === 'Timeout') {
        const { _idleTimeout: ms } = resource as { _idleTimeout: number }
        operation.dueUs = startUs + ms * 1000
      }
      operation.holder = captureStack(this.#resourceMade)
      track.follow()
    } else if (
      triggerId !== executionAsyncId() &&
      !this.#react(operation, this.#resources.get(triggerId), triggerId, this.#resourceMade)
    ) {
      operation.holder = captureStack(this.#resourceMade)
    }
    track.pause(startUs, nowUs())
  }

  readonly #promiseMade = (promise: object, parent: object | undefined): void => {
    const track = this.#owner.getStore()?.track
    if (track === undefined) {
      return
    }
    const startUs = nowUs()
    const operation = new Operation(track, '', startUs, this.#processor.runOf(track))
    this.#promises.set(promise, operation)
    if (
      parent !== undefined &&
      !this.#react(operation, this.#promises.get(parent), parent, this.#promiseMade)
    ) {
      operation.holder = captureStack(this.#promiseMade)
    }
    track.pause(startUs, nowUs())
  }

  /**
   * A promise with a parent is an `await` or a `then`; any other is only made where it is. Says whether its place is
   * known; when not, the hook itself takes the stack, which costs the less, the fewer functions of ours are on it.
   */
  #react(
    operation: Operation,
    awaited: Operation | undefined,
    promise: object | number,
    hook: Hook
  ): boolean {
    operation.track?.follow()
    if (awaited === undefined || awaited.track !== operation.track) {
      operation.shared = this.#deliveries.await(promise)
      if (typeof promise === 'number') {
        operation.track?.sharedIds.push(promise)
      }
      return false
    }
    operation.awaits = awaited.index
    return this.#follow(operation, awaited, hook)
  }

  /**
   * Takes the place of an `await` from another operation where that is certain. To await what is no promise, V8
   * makes one, settled, whose parent is the promise that the async function gives, and awaits that: both have one
   * stack. When the function goes on and does so again, only the line is another, and nothing is waited for; unless
   * it is a thenable, for which V8 makes a promise that has not settled yet.
   */
  #follow(operation: Operation, awaited: Operation, hook: Hook): boolean {
    const isMadeForIt = awaited.index === operation.index - 1 && awaited.awaits >= 0
    if (isMadeForIt && !Number.isNaN(awaited.settledUs)) {
      operation.call = awaited.awaits
      operation.holder = awaited.holder
      operation.continues = awaited.continues
    } else if (isMadeForIt && awaited.continues >= 0) {
      operation.call = awaited.awaits
      awaited.continues = -1
      awaited.holder = operation.holder = captureStack(hook)
    } else {
      const resumed = this.#processor.current
      if (resumed?.call === awaited.index && resumed.track === awaited.track) {
        operation.continues = resumed.continues < 0 ? resumed.index : resumed.continues
      }
    }
    return operation.holder !== undefined || operation.continues >= 0
  }

  #settle(operation: Operation | undefined, promise: object | number): void {
    if (this.#deliveries.areWaitedFor) {
      this.#deliveries.settle(promise)
    }
    if (operation?.track !== undefined) {
      operation.settledUs = nowUs()
      operation.settledIn = this.#processor.runOf(operation.track)
      if (operation.settledIn < 0) {
        operation.delivery = this.#deliveries.until(operation.settledUs)
      }
    }
  }
}
