import { startDevServer } from './dev-server.ts'
import { freePort } from './modes.ts'
import type { Worker } from './start-worker.ts'

/** 232 MB when installed, so it is no dependency of the project. */
const WRANGLER = 'wrangler@4'

/**
 * Runs a worker under `wrangler dev`, which npx fetches.
 *
 * @throws When wrangler cannot be had, or does not start; the message has what it printed.
 */
export async function startWrangler(script: string, vars: Record<string, string>): Promise<Worker> {
  const port = await freePort()
  return startDevServer({
    script,
    vars,
    url: `http://127.0.0.1:${port}`,
    ready: 'Ready on',
    command: ['npx', '-y', WRANGLER, 'dev', '--ip', '127.0.0.1', '--port', String(port)],
  })
}
