import { runtime, timed } from './measure.ts'

/** What watches promises without a profiler: `async_hooks`, which Node alone has. */
export const hasHooks: boolean = runtime === 'node'

/** Measures while all promises are watched by hooks that do nothing. */
export async function withHooks(work: () => unknown): Promise<number> {
  const nothing = (): undefined => undefined
  const { createHook } = process.getBuiltinModule('node:async_hooks')
  const hooks = { init: nothing, before: nothing, after: nothing, promiseResolve: nothing }
  const hook = createHook(hooks).enable()
  const ms = await timed(work)
  hook.disable()
  return ms
}

/** The same by V8's own hooks, which tell of promises alone: the least that it can cost. */
export async function withPromiseHooks(work: () => unknown): Promise<number> {
  const nothing = (): undefined => undefined
  const { promiseHooks } = process.getBuiltinModule('node:v8')
  const hooks = { init: nothing, before: nothing, after: nothing, settled: nothing }
  const stop = promiseHooks.createHook(hooks) as () => void
  const ms = await timed(work)
  stop()
  return ms
}

/** As profilers of awaits usually do it: a stack in every hook. */
export async function withStacks(work: () => unknown): Promise<number> {
  const { createHook, executionAsyncId } = process.getBuiltinModule('node:async_hooks')
  const stacks = new Map<number, object>()
  const hook = createHook({
    init(id, _type, trigger) {
      if (trigger !== executionAsyncId()) {
        const holder = {}
        Error.captureStackTrace(holder)
        stacks.set(id, holder)
      }
    },
    before: () => undefined,
    after: () => undefined,
  }).enable()
  const ms = await timed(work)
  hook.disable()
  return ms
}
