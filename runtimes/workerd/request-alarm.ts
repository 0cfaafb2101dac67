import type { Alarm } from '../common/ready-profile.ts'
import { builtin } from './platform.ts'

/** Bound now, so that fake timers of an application do not reach it, nor the profiler's own wrapper. */
const setTimer = setTimeout

/** Keeps the request that is served going until a promise is settled; undefined on older versions of workerd. */
function keepRequest(): ((promise: Promise<unknown>) => void) | undefined {
  return builtin('cloudflare:workers')?.waitUntil
}

/** Whether a request can go on after its response, so that its timers do. */
export function canStayReady(): boolean {
  return keepRequest() !== undefined
}

/**
 * Makes an alarm of timers, each of which belongs to the request that sets it: another one cannot cancel it, so those
 * that something else has replaced do nothing.
 *
 * @param uncounted Runs work that recordings leave out.
 */
export function requestAlarm(uncounted: <T>(work: () => T) => T): Alarm {
  let count = 0
  let dueMs = 0
  return {
    set(ms, work) {
      // Each holds its request until it rings, so that one that rings in more than half of the time serves as well.
      if (dueMs - Date.now() > ms / 2) {
        return
      }
      dueMs = Date.now() + ms
      const own = ++count
      const rung = new Promise<void>((resolve) => {
        setTimer(() => {
          if (own === count) {
            uncounted(work)
          }
          resolve()
        }, ms)
      })
      keepRequest()?.(rung)
    },

    clear() {
      count++
      dueMs = 0
    },
  }
}
