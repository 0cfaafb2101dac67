import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { WorkerOptions } from './start-worker.ts'
import { INSPECTOR_FLAG, NODE_COMPAT } from './start-worker.ts'

/** How a worker reaches its sampler. */
export interface Mode {
  mode: string
  isSampled: boolean
  /** Part of what Miniflare is told. */
  options: () => Promise<Pick<WorkerOptions, 'compatibilityFlags' | 'inspectorPort' | 'bindings'>>
}

/** Every way there is, and none. */
export const modes: readonly Mode[] = [
  {
    mode: 'with the inspector from inside',
    isSampled: true,
    options: () => withPort([NODE_COMPAT, INSPECTOR_FLAG], true, false),
  },
  {
    mode: 'with the port of the inspector',
    isSampled: true,
    options: () => withPort([NODE_COMPAT], true, true),
  },
  {
    mode: 'without an inspector',
    isSampled: false,
    options: () => withPort([NODE_COMPAT], false, false),
  },
]

async function withPort(
  compatibilityFlags: string[],
  isSampled: boolean,
  isOpen: boolean
): ReturnType<Mode['options']> {
  const port = await freePort()
  return {
    compatibilityFlags,
    ...(isOpen && { inspectorPort: port }),
    bindings: {
      INSPECTOR_URL: `http://127.0.0.1:${port}`,
      IS_SAMPLED: isSampled ? 'yes' : 'no',
    },
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
