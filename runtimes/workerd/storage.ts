import type { ContextStorage } from '../../src/capture/await-tracker/port.ts'
import { asyncLocalStorage } from './platform.ts'

/** Without `nodejs_compat` nothing tells whose turn it is: everything belongs to the last recording. */
class SoleStorage implements ContextStorage {
  #store: unknown

  run<T>(store: unknown, work: () => T): T {
    this.#store = store
    return work()
  }

  getStore(): unknown {
    return this.#store
  }
}

/** Whether the requests in flight can be told apart. */
export const tellsRequestsApart: boolean = asyncLocalStorage() !== undefined

/** The worker's `AsyncLocalStorage`, or what stands in for it. */
export function makeStorage(): ContextStorage {
  const AsyncLocalStorage = asyncLocalStorage()
  return AsyncLocalStorage ? new AsyncLocalStorage() : new SoleStorage()
}
