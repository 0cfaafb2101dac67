import { patchMethod } from '../../src/capture/patch.ts'

/** The exports of a module. */
type Exports = Record<string, unknown>

/** A function that takes a callback last, where it is found, and what a reader calls it. */
export interface CallbackApi {
  exports: object
  name: string
  label: string
}

/** Any function, with what it is called on. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** What stands for a function with the preload: the function itself, or while something records, a watched one. */
interface Switch {
  method: AnyFunction
  watched: AnyFunction | undefined
}

/** All builds of the package share it. */
const SWITCH = Symbol.for('hono-profiler callback')

/** Functions of Node's modules that take a callback last. */
export function callbackApis(): CallbackApi[] {
  const exportsOf = (name: string): Exports => process.getBuiltinModule(name) as Exports
  const apis = (module: string, names: string[]): CallbackApi[] =>
    names.map((name) => ({ exports: exportsOf(module), name, label: `${module}.${name}` }))
  return [
    // Both work at once when they get no callback, as their twins do.
    ...apis('crypto', [...withSyncTwin(exportsOf('crypto')), 'randomBytes', 'randomInt']),
    ...apis('dns', Object.keys(exportsOf('dns').promises as object)),
    ...apis('fs', withSyncTwin(exportsOf('fs'))),
    ...apis('zlib', withSyncTwin(exportsOf('zlib'))),
  ]
}

function withSyncTwin(exports: Exports): string[] {
  return Object.keys(exports).filter((name) => `${name}Sync` in exports)
}

/**
 * Puts switches in the place of the functions, for good: modules that are loaded later and import them by name get
 * those. Called by the preload.
 */
export function installSwitches(): void {
  for (const { exports, name } of callbackApis()) {
    patchMethod(exports, name, (method) => {
      const state: Switch = { method, watched: undefined }
      const switched: AnyFunction = function (...args) {
        return (state.watched ?? method).apply(this, args)
      }
      return Object.assign(switched, { [SWITCH]: state })
    })
  }
}

/** The switch of a function; undefined without the preload. */
export function switchOf({ exports, name }: CallbackApi): Switch | undefined {
  return ((exports as Exports)[name] as { [SWITCH]?: Switch } | undefined)?.[SWITCH]
}
