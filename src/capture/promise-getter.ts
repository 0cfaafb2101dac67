import type { Restore } from './patch.ts'
import { patchProperty } from './patch.ts'

/** The original `then`, which an application cannot replace any more. */
// eslint-disable-next-line @typescript-eslint/unbound-method
const then = Promise.prototype.then as (
  this: object,
  onFulfilled: () => void,
  onRejected: () => void
) => unknown

/** With a constructor of its own, `then` does not come by the getter. */
const settled = Object.defineProperty(Promise.resolve(), 'constructor', { value: Promise })

/** Calls `work` after all microtasks that are in the queue now. */
export function afterMicrotasks(work: () => void): void {
  // Such a name tells the profiler's own function where no file does: see `markedFrames`.
  const { honoProfilerHook } = {
    honoProfilerHook: () => {
      work()
    },
  }
  then.call(settled, honoProfilerHook, honoProfilerHook)
}

/** Told of every promise whose reaction is about to be registered: by `await`, `then` and what is built on it. */
export type OnAwait = (promise: object, hook: (this: never, ...args: never[]) => unknown) => void

/**
 * Sees every `await` of a native promise: the engine reads the promise's `constructor`, synchronously and in the
 * asynchronous context of the code that awaits. `Promise.prototype.then`, `Promise.resolve` and the combinators read
 * it too. Awaiting something else than a native promise is not seen.
 *
 * While it is installed, a rejected promise whose constructor is read and that nobody handles is not reported.
 */
export function installPromiseGetter(onAwait: OnAwait): Restore | undefined {
  let isInside = false
  return patchProperty(Promise.prototype, 'constructor', (original) => {
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { honoProfilerHook } = {
      honoProfilerHook: function (this: unknown): unknown {
        if (!isInside) {
          isInside = true
          try {
            onAwait(this as object, honoProfilerHook)
          } finally {
            isInside = false
          }
        }
        return original.get ? original.get.call(this) : original.value
      },
    }
    return { configurable: true, enumerable: false, get: honoProfilerHook, set: ownConstructor }
  })
}

/** Assigning to a promise's constructor makes a property of its own, as it does where the prototype has a value. */
function ownConstructor(this: object, value: unknown): void {
  Object.defineProperty(this, 'constructor', {
    value,
    writable: true,
    enumerable: this !== Promise.prototype,
    configurable: true,
  })
}

/**
 * Calls `work` when the promise settles, just before reactions that are registered later.
 *
 * @returns False when it is no promise, but the prototype or something made from it.
 */
export function onSettled(promise: object, work: () => void): boolean {
  try {
    then.call(promise, work, work)
    return true
  } catch {
    return false
  }
}
