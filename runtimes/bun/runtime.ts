import type { Runtime } from '../../src/adapter.ts'
import { nodeFileSystem } from '../common/file-system.ts'
import { ownFiles } from '../common/own-files.ts'
import { stderrTerminal } from '../common/terminal.ts'

/** Bun, as the profiler sees it before anything is recorded. */
export const bunRuntime: Runtime = {
  name: 'bun',
  version: process.versions.bun ?? '',
  terminal: stderrTerminal,
  fileSystem: nodeFileSystem,

  get projectRoot() {
    return process.cwd()
  },

  ownFiles,

  env: (name) => process.env[name],

  async loadAdapter() {
    const { bunAdapter } = await import('./adapter.ts')
    return bunAdapter
  },
}
