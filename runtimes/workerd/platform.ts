/**
 * What workerd has that other runtimes have not, and what of Node it may lack: nothing here fails without
 * `nodejs_compat`, and nothing is imported.
 */

import type fs from 'node:fs'
import type inspector from 'node:inspector'
import type { ContextStorage } from '../../src/capture/await-tracker/port.ts'

/** The modules that are used when they are there. */
interface Builtins {
  'node:async_hooks': { AsyncLocalStorage: new () => ContextStorage }
  'node:inspector': typeof inspector
  'node:fs': typeof fs
  'cloudflare:workers': {
    env?: Record<string, unknown>
    waitUntil?: (promise: Promise<unknown>) => void
  }
}

interface WorkerGlobals {
  process?: {
    env?: Record<string, string | undefined>
    getBuiltinModule?(name: string): unknown
  }
  setImmediate?(work: () => void): unknown
  AsyncLocalStorage?: new () => ContextStorage
  Cloudflare?: { compatibilityFlags?: Record<string, boolean | undefined> }
  navigator?: { userAgent?: string }
}

const globals = globalThis as unknown as WorkerGlobals

/** A module of the runtime; undefined without `nodejs_compat`, which also gives those of `cloudflare:`. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  return globals.process?.getBuiltinModule?.(name) as Builtins[Name] | undefined
}

/** Whether a compatibility flag is on. */
export function hasFlag(name: string): boolean {
  return globals.Cloudflare?.compatibilityFlags?.[name] === true
}

/** The value of an environment variable or a binding that is text. */
export function env(name: string): string | undefined {
  const value = globals.process?.env?.[name] ?? builtin('cloudflare:workers')?.env?.[name]
  return typeof value === 'string' ? value : undefined
}

/** The class, from wherever the worker has it; undefined where it has none. */
export function asyncLocalStorage(): (new () => ContextStorage) | undefined {
  return builtin('node:async_hooks')?.AsyncLocalStorage ?? globals.AsyncLocalStorage
}

/** The object that holds `nextTick`, to be spread into an argument; empty without `nodejs_compat`. */
export function processScope(): { process?: object } {
  return globals.process ? { process: globals.process } : {}
}

/**
 * What calls back some microseconds after the microtasks are done, bound now, since it is wrapped while something is
 * recorded. To be spread; empty without `nodejs_compat`, for timers take up to a millisecond.
 */
export function immediateScope(): { afterDrain?: (work: () => void) => void } {
  const setImmediate = globals.setImmediate?.bind(globalThis)
  return setImmediate ? { afterDrain: (work) => void setImmediate(work) } : {}
}
