import type { Runtime, Terminal } from '../../src/adapter.ts'
import { isFrozen } from './clock.ts'
import { env } from './platform.ts'
import { projectRoot } from './project.ts'

const terminal: Terminal = {
  print(text) {
    console.error(text)
  },

  get color() {
    return Boolean(env('FORCE_COLOR')) && env('FORCE_COLOR') !== '0' && !env('NO_COLOR')
  },
}

/** workerd, as the profiler sees it before anything is recorded. */
export const workerdRuntime: Runtime = {
  name: 'workerd',
  version: '',
  isDeployed: isFrozen,
  terminal,

  get projectRoot() {
    return projectRoot()
  },

  ownFiles: [],
  env,

  async loadAdapter() {
    const { workerdAdapter } = await import('./adapter.ts')
    return workerdAdapter
  },
}
