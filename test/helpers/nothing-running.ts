import { expect } from 'vitest'
import { createHook } from 'node:async_hooks'
import { Session } from 'node:inspector'
import { promiseHooks } from 'node:v8'
import { nodeAdapter } from '../../runtimes/node/adapter.ts'

/** Hooks and inspector connections that are switched on. The recorder has one of each, whoever holds it. */
const hooks = new Set<object>()
const connections = new Set<object>()

type Switch = (this: object) => unknown

/** Notes who called `on` last and not `off`. All objects of a class share the prototype, so none escapes. */
function watch(prototype: object, on: string, off: string, active: Set<object>): void {
  const methods = prototype as Record<string, Switch>
  const { [on]: switchOn, [off]: switchOff } = methods
  methods[on] = function (this: object) {
    active.add(this)
    return switchOn!.call(this)
  }
  methods[off] = function (this: object) {
    active.delete(this)
    return switchOff!.call(this)
  }
}

watch(Object.getPrototypeOf(createHook({})) as object, 'enable', 'disable', hooks)
watch(Session.prototype, 'connect', 'disconnect', connections)

const { createHook: hookPromises } = promiseHooks
promiseHooks.createHook = (callbacks) => {
  const unhook = hookPromises(callbacks) as () => void
  hooks.add(callbacks)
  return () => {
    hooks.delete(callbacks)
    unhook()
  }
}

/** Up to Node 22, `AsyncLocalStorage` keeps a hook of its own enabled, which watches only `init`. */
function watchesRuns(hook: object): boolean {
  const before = Object.getOwnPropertySymbols(hook).find((key) => key.description === 'before')
  return before === undefined || (hook as Record<symbol, unknown>)[before] !== undefined
}

/** How many hooks and samplers are running now, without a sampler that is only kept ready for a while. */
export function running(): { hooks: number; samplers: number } {
  nodeAdapter.rest()
  return { hooks: [...hooks].filter(watchesRuns).length, samplers: connections.size }
}

/** Asserts that no recording left a hook or V8's sampler switched on: a process that records nothing pays nothing. */
export function expectNothingRunning(): void {
  expect(running()).toEqual({ hooks: 0, samplers: 0 })
  expect(nodeAdapter.current()).toBeUndefined()
}
