import type { Runtime, Terminal } from '../../src/adapter.ts'
import { processRuntime } from '../common/runtime.ts'
import { deno, env } from './deno.ts'

/** The terminal on stderr. Deno reads `NO_COLOR` itself, without a permission. */
const terminal: Terminal = {
  print(text) {
    process.stderr.write(`${text}\n`)
  },

  get color() {
    const forced = env('FORCE_COLOR')
    if (deno.noColor || forced === '0') {
      return false
    }
    return Boolean(forced) || (process.stderr.isTTY && env('TERM') !== 'dumb')
  },
}

/** Deno, as the profiler sees it before anything is recorded. */
export const denoRuntime: Runtime = processRuntime({
  name: 'deno',
  version: deno.version.deno,
  terminal,
  env,

  async loadAdapter() {
    const { denoAdapter } = await import('./adapter.ts')
    return denoAdapter
  },
})
