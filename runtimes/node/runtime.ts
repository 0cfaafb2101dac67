import type { Runtime } from '../../src/adapter.ts'
import { nodeFileSystem } from '../common/file-system.ts'
import { ownFiles } from '../common/own-files.ts'
import { stderrTerminal } from '../common/terminal.ts'

/** Node, as the profiler sees it before anything is recorded. */
export const nodeRuntime: Runtime = {
  name: 'node',
  version: process.versions.node,
  terminal: stderrTerminal,
  fileSystem: nodeFileSystem,

  get projectRoot() {
    return process.cwd()
  },

  ownFiles,

  env: (name) => process.env[name],

  async loadAdapter() {
    const { nodeAdapter } = await import('./adapter.ts')
    return nodeAdapter
  },
}
