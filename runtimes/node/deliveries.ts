import { executionAsyncResource } from 'node:async_hooks'
import type { Delivery } from '../../src/adapter.ts'
import { nowUs } from './clock.ts'

/** A promise that one request has made, and another one that is recorded awaits: a result that they share. */
export interface Shared {
  delivery: Delivery | undefined
}

/** Tells when work of others brings what recorded requests wait for. */
export class Deliveries {
  readonly #arePromisesCalled: boolean
  /** When the event loop last called something. */
  #turnStartUs = NaN
  #byPromise = new WeakMap<object, Shared>()
  /** By `async_hooks`' number, where V8 does not tell of promises. */
  readonly #byAsyncId = new Map<number, Shared>()
  #areWaitedFor = false

  /** @param arePromisesCalled Whether `turn` is called for promises too. */
  constructor(arePromisesCalled: boolean) {
    this.#arePromisesCalled = arePromisesCalled
  }

  /** Whether any promise of others was awaited; the hooks ask, because they are called for every promise. */
  get areWaitedFor(): boolean {
    return this.#areWaitedFor
  }

  /** The event loop calls something. Promises go on in the turn that has settled what they follow. */
  turn(): void {
    if (!this.#arePromisesCalled || !(executionAsyncResource() instanceof Promise)) {
      this.#turnStartUs = nowUs()
    }
  }

  /** A recorded request awaits a promise of others. */
  await(promise: object | number): Shared {
    const known = this.#get(promise)
    if (known) {
      return known
    }
    const shared: Shared = { delivery: undefined }
    this.#areWaitedFor = true
    if (typeof promise === 'number') {
      this.#byAsyncId.set(promise, shared)
    } else {
      this.#byPromise.set(promise, shared)
    }
    return shared
  }

  /** A promise is settled, by whomever. */
  settle(promise: object | number): void {
    const shared = this.#get(promise)
    if (shared) {
      shared.delivery = this.until(nowUs())
    }
  }

  /** The turn that goes on; undefined when none was seen to begin. */
  until(endUs: number): Delivery | undefined {
    const startUs = this.#turnStartUs
    return Number.isNaN(startUs) ? undefined : { startUs, endUs }
  }

  /** A recording has ended that awaited promises of these numbers. */
  forget(asyncIds: readonly number[]): void {
    for (const asyncId of asyncIds) {
      this.#byAsyncId.delete(asyncId)
    }
  }

  /** Nobody is followed any more. */
  clear(): void {
    this.#turnStartUs = NaN
    this.#byPromise = new WeakMap()
    this.#byAsyncId.clear()
    this.#areWaitedFor = false
  }

  #get(promise: object | number): Shared | undefined {
    return typeof promise === 'number' ? this.#byAsyncId.get(promise) : this.#byPromise.get(promise)
  }
}
