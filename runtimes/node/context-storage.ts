import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks'
import type { ContextStorage } from '../../src/capture/await-tracker/port.ts'

/** What code carries along, through everything asynchronous that it starts while a request is recorded. */
export interface NodeStorage<Store> extends ContextStorage {
  run<T>(store: Store, work: () => T): T
  getStore(): Store | undefined
  /** Hands what the code that runs now carries to a resource that it makes; called from `init`. */
  inherit(asyncId: number): void
  /** Forgets what resources carried. */
  forget(asyncIds: readonly number[]): void
  /** Nothing is carried any more. */
  disable(): void
}

/** The runtime's own, for versions whose contexts need no hooks. */
export class FrameStorage<Store> extends AsyncLocalStorage<Store> implements NodeStorage<Store> {
  inherit(): void {
    // Contexts follow by themselves.
  }

  forget(): void {
    // They go with what they belong to.
  }
}

/**
 * One that follows the hooks which are on anyway. Before Node 24, `AsyncLocalStorage` has hooks of its own: with two of
 * them a bare await of another request took 8-9 times as long, and takes 5-6 times with this one.
 */
export class HookStorage<Store> implements NodeStorage<Store> {
  /** By the number of the resource that runs. */
  readonly #stores = new Map<number, Store>()

  run<T>(store: Store, work: () => T): T {
    const asyncId = executionAsyncId()
    const before = this.#stores.get(asyncId)
    this.#stores.set(asyncId, store)
    try {
      return work()
    } finally {
      if (before === undefined) {
        this.#stores.delete(asyncId)
      } else {
        this.#stores.set(asyncId, before)
      }
    }
  }

  getStore(): Store | undefined {
    return this.#stores.get(executionAsyncId())
  }

  inherit(asyncId: number): void {
    const store = this.getStore()
    if (store !== undefined) {
      this.#stores.set(asyncId, store)
    }
  }

  forget(asyncIds: readonly number[]): void {
    for (const asyncId of asyncIds) {
      this.#stores.delete(asyncId)
    }
  }

  disable(): void {
    this.#stores.clear()
  }
}
