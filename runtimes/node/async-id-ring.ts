/** A power of two; 128 KB. */
const SIZE = 1 << 14

/**
 * The latest numbers that `async_hooks` gave to promises and the like. A hook is called three times for each promise of
 * the process: to find its number here takes a tenth of what a `Map` or `executionAsyncResource` takes.
 */
export class AsyncIdRing {
  readonly #asyncIds = new Float64Array(SIZE)

  add(asyncId: number): void {
    this.#asyncIds[asyncId & (SIZE - 1)] = asyncId
  }

  /** False also for one that was added too long ago. */
  has(asyncId: number): boolean {
    return this.#asyncIds[asyncId & (SIZE - 1)] === asyncId
  }
}
