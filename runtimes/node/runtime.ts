import type { Runtime } from '../../src/adapter.ts'
import { processRuntime } from '../common/runtime.ts'

/** Node, as the profiler sees it before anything is recorded. */
export const nodeRuntime: Runtime = processRuntime({
  name: 'node',
  version: process.versions.node,

  async loadAdapter() {
    const { nodeAdapter } = await import('./adapter.ts')
    return nodeAdapter
  },
})
