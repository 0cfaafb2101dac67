import type { Adapter, Runtime } from '../../src/adapter.ts'
import { nodeFileSystem } from './file-system.ts'
import { ownFiles } from './own-files.ts'
import { stderrTerminal } from './terminal.ts'

/** What differs between the runtimes that have Node's `process` and file system; the rest has a default. */
type OwnParts = Pick<Runtime, 'name' | 'version'> &
  Partial<Pick<Runtime, 'env' | 'terminal'>> & { loadAdapter(): Promise<Adapter> }

/** Describes a runtime that has Node's `process` and file system: Node, Bun, Deno. */
export function processRuntime(own: OwnParts): Runtime {
  return {
    terminal: stderrTerminal,
    fileSystem: nodeFileSystem,

    get projectRoot() {
      return process.cwd()
    },

    get ownFiles() {
      return ownFiles()
    },

    env: (name) => process.env[name],
    ...own,
  }
}
