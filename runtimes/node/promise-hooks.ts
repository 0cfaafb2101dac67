import { createHook } from 'node:async_hooks'
import type { HookCallbacks } from 'node:async_hooks'

/**
 * Whether `async_hooks` can leave promises out, as from Node 24.14 on: then V8 itself tells of them, at half of the
 * cost. Before, contexts follow promises by `async_hooks` anyway, and hooks of both kinds cost the most.
 */
export function canLeavePromisesOut(): boolean {
  let sawPromise = false
  const callbacks: HookCallbacks & { trackPromises: boolean } = {
    init: (_asyncId, type) => {
      sawPromise ||= type === 'PROMISE'
    },
    trackPromises: false,
  }
  const hook = createHook(callbacks).enable()
  void Promise.resolve()
  hook.disable()
  return !sawPromise
}
