import type { RunningServer, WorkerFolder } from './dev-server.ts'
import { startDevServer } from './dev-server.ts'
import { freePort } from './modes.ts'

/** 232 MB when installed, so it is no dependency of the project. */
const WRANGLER = 'wrangler@4'

/**
 * Runs a worker under `wrangler dev`, which npx fetches.
 *
 * @throws When wrangler cannot be had, or does not start; the message has what it printed.
 */
export async function startWrangler(worker: WorkerFolder): Promise<RunningServer> {
  const port = await freePort()
  return startDevServer(worker, {
    url: `http://127.0.0.1:${port}`,
    ready: 'Ready on',
    command: ['npx', '-y', WRANGLER, 'dev', '--ip', '127.0.0.1', '--port', String(port)],
  })
}
