import type { Runtime } from '../../src/adapter.ts'
import { processRuntime } from '../common/runtime.ts'

/** Bun, as the profiler sees it before anything is recorded. */
export const bunRuntime: Runtime = processRuntime({
  name: 'bun',
  version: process.versions.bun ?? '',

  async loadAdapter() {
    const { bunAdapter } = await import('./adapter.ts')
    return bunAdapter
  },
})
