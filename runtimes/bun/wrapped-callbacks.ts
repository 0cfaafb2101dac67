import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { patchMethod } from '../../src/capture/patch.ts'
import type { AnyFunction, CallbackApi } from './callback-apis.ts'
import { callbackApis, switchOf } from './callback-apis.ts'

/** Sees the callbacks of Node's modules for files, cryptography, compression and names, until it is undone. */
export function wrapCallbacks(tracker: ApiTracker): Restore {
  const restores = callbackApis().map((api) => wrapCallback(tracker, api))
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

function wrapCallback(tracker: ApiTracker, api: CallbackApi): Restore | undefined {
  const found = switchOf(api)
  if (!found) {
    return patchMethod(api.exports, api.name, (method) => watched(tracker, method, api.label))
  }
  found.watched = watched(tracker, found.method, api.label)
  return () => {
    found.watched = undefined
  }
}

function watched(tracker: ApiTracker, method: AnyFunction, label: string): AnyFunction {
  return function wrapper(...args) {
    const callback = args.at(-1)
    const operation = typeof callback === 'function' ? tracker.note(label, wrapper) : undefined
    if (operation) {
      args[args.length - 1] = function (this: unknown, ...values: unknown[]) {
        return tracker.call(operation, () => (callback as AnyFunction).apply(this, values))
      }
    }
    return method.apply(this, args)
  }
}
