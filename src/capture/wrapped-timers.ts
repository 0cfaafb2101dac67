import type { ApiTracker } from './await-tracker/port.ts'
import type { Restore } from './patch.ts'
import { holderOf, patchMethod } from './patch.ts'

/** Functions that take a callback first and call it once or more. */
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']
const HAS_DELAY = new Set(['setTimeout', 'setInterval'])

type Callback = (this: unknown, ...args: unknown[]) => unknown

/**
 * Sees the callbacks of timers, until it is undone. What a runtime does not have is left out.
 *
 * @param scopes Objects that hold the functions: `globalThis`, and `process` for `nextTick`.
 */
export function wrapTimers(
  tracker: ApiTracker,
  scopes: { global: object; process?: object }
): Restore {
  const restores = TIMERS.map((name) => wrapScheduler(tracker, scopes.global, name))
  if (scopes.process) {
    restores.push(wrapScheduler(tracker, scopes.process, 'nextTick'))
  }
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

function wrapScheduler(tracker: ApiTracker, scope: object, name: string): Restore | undefined {
  // workerd has some of them on a prototype.
  return patchMethod(holderOf(scope, name) ?? scope, name, (schedule) => {
    return function scheduler(this: unknown, ...args: unknown[]): unknown {
      const [callback, delay] = args
      const operation = typeof callback === 'function' ? tracker.note(name, scheduler) : undefined
      if (!operation) {
        return schedule.apply(this, args)
      }
      if (HAS_DELAY.has(name)) {
        operation.dueUs = operation.createdUs + Math.max(Number(delay) || 0, 0) * 1000
      }
      const run = function (this: unknown, ...values: unknown[]): unknown {
        return tracker.call(operation, () => (callback as Callback).apply(this, values))
      }
      const handle = schedule.call(this, run, ...args.slice(1))
      tracker.scheduled?.(operation, handle)
      return handle
    }
  })
}
