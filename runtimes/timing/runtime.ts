import type { Adapter, Runtime } from '../../src/adapter.ts'
import { createTimingAdapter, timingPort } from './adapter.ts'

interface UnknownGlobals {
  process?: { env?: Record<string, string | undefined> }
  EdgeRuntime?: string
  navigator?: { userAgent?: string }
}

const globals = globalThis as UnknownGlobals

let adapter: Adapter | undefined

/** Any runtime, by what the web platform gives. */
export const timingRuntime: Runtime = {
  name: 'timing',

  get version() {
    return globals.EdgeRuntime ?? globals.navigator?.userAgent ?? 'unknown runtime'
  },

  // Bundlers replace what they know of the environment; what is left is asked when it is needed.
  env: (name) => globals.process?.env?.[name],

  terminal: {
    print(text) {
      console.error(text)
    },
    color: false,
  },

  projectRoot: '',
  ownFiles: [],

  loadAdapter: () => Promise.resolve((adapter ??= createTimingAdapter(timingPort()))),
}
