import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import { wrapObject } from '../../src/capture/wrapped-apis.ts'

/** A worker's bindings, whose methods are seen when they are called: `KV.get`, `DB.prepare.all`. */
export function watchedBindings<Env extends object>(tracker: ApiTracker, env: Env): Env {
  const watched = new Map<PropertyKey, { binding: object; proxy: object }>()
  return new Proxy(env, {
    get(target, key, receiver) {
      const binding: unknown = Reflect.get(target, key, receiver)
      if (!isBinding(binding)) {
        return binding
      }
      const known = watched.get(key)
      if (known?.binding === binding) {
        return known.proxy
      }
      const proxy = wrapObject(tracker, binding, String(key))
      watched.set(key, { binding, proxy })
      return proxy
    },
  })
}

/** Variables may be plain objects. */
function isBinding(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) !== Object.prototype
  )
}
