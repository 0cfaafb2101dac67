/** The worker's clock, which ticks in milliseconds. Bound now, so that fake timers of an application do not reach it. */
const now = Date.now.bind(Date)

/** Reads the clock, in microseconds. */
export const nowUs = (): number => now() * 1000

/** The clock's resolution: what it shows is up to this much in the past. */
export const TICK_US = 1000

/** Reads of the clock in which it has surely ticked, where it ticks: one takes at least 20 ns. */
const MOST_READS = 200_000

/**
 * Waits for the clock to tick, so that it shows the exact time.
 *
 * @returns The time; undefined when the clock stands still while code runs, as it does on Cloudflare's servers.
 */
export function nextTickUs(): number | undefined {
  const startUs = nowUs()
  for (let reads = 0; reads < MOST_READS; reads++) {
    const timeUs = nowUs()
    if (timeUs !== startUs) {
      return timeUs
    }
  }
  return undefined
}

let frozen: boolean | undefined

/** Whether the clock stands still while code runs. Asked inside of a request: outside of one it always does. */
export function isFrozen(): boolean {
  return (frozen ??= nextTickUs() === undefined)
}
