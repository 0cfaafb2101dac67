import { clearTimeout, setTimeout } from 'node:timers'
import type { Alarm } from './ready-profile.ts'

/** Bound now, so that fake timers of an application do not reach them. Deno's own have no `unref`. */
const setTimer = setTimeout
const clearTimer = clearTimeout

/**
 * Makes an alarm that keeps no process alive.
 *
 * @param uncounted Runs work that recordings leave out.
 */
export function makeAlarm(uncounted: <T>(work: () => T) => T): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    set(ms, work) {
      clearTimer(timer)
      timer = setTimer(() => {
        uncounted(work)
      }, ms)
      timer.unref()
    },

    clear() {
      clearTimer(timer)
    },
  }
}
