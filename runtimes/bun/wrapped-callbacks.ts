import type { ApiTracker } from '../../src/capture/await-tracker.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { patchMethod } from '../../src/capture/patch.ts'

type Callback = (this: unknown, ...args: unknown[]) => unknown
type Exports = Record<string, unknown>

/** Functions that take a callback last, by the module that has them. */
function callbackApis(): [module: string, exports: Exports, names: string[]][] {
  const exportsOf = (name: string): Exports => process.getBuiltinModule(name) as Exports
  const [crypto, dns, fs, zlib] = ['crypto', 'dns', 'fs', 'zlib'].map(exportsOf) as [
    Exports,
    Exports,
    Exports,
    Exports,
  ]
  return [
    // Both work at once when they get no callback, as their twins do.
    ['crypto', crypto, [...withSyncTwin(crypto), 'randomBytes', 'randomInt']],
    ['dns', dns, Object.keys(dns.promises as object)],
    ['fs', fs, withSyncTwin(fs)],
    ['zlib', zlib, withSyncTwin(zlib)],
  ]
}

function withSyncTwin(exports: Exports): string[] {
  return Object.keys(exports).filter((name) => `${name}Sync` in exports)
}

/** Sees the callbacks of Node's modules for files, cryptography, compression and names, until it is undone. */
export function wrapCallbacks(tracker: ApiTracker): Restore {
  const restores = callbackApis().flatMap(([module, exports, names]) =>
    names.map((name) => wrapCallback(tracker, exports, name, `${module}.${name}`))
  )
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

function wrapCallback(
  tracker: ApiTracker,
  exports: Exports,
  name: string,
  label: string
): Restore | undefined {
  return patchMethod(exports, name, (method) => {
    return function wrapper(this: unknown, ...args: unknown[]) {
      const callback = args.at(-1)
      const operation = typeof callback === 'function' ? tracker.note(label, wrapper) : undefined
      if (operation) {
        args[args.length - 1] = function (this: unknown, ...values: unknown[]) {
          return tracker.call(operation, () => (callback as Callback).apply(this, values))
        }
      }
      return method.apply(this, args)
    }
  })
}
