import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startDevServer } from './dev-server.ts'
import { freePort } from './modes.ts'
import type { Worker } from './start-worker.ts'

/** 250 MB when installed, with workerd: no dependencies of the project. */
const PACKAGES = ['vite@8', '@cloudflare/vite-plugin@1']

/**
 * Runs a worker under `vite dev` with Cloudflare's plugin, which npm fetches.
 *
 * @throws When they cannot be had, or do not start; the message has what was printed.
 */
export async function startVite(script: string, vars: Record<string, string>): Promise<Worker> {
  const port = await freePort()
  return startDevServer({
    script,
    vars,
    url: `http://localhost:${port}`,
    ready: 'ready in',
    async prepare(folder) {
      await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
      await writeFile(
        join(folder, 'vite.config.js'),
        "import { cloudflare } from '@cloudflare/vite-plugin'\nexport default { plugins: [cloudflare()] }\n"
      )
      await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], {
        cwd: folder,
      })
    },
    command: ['npx', 'vite', 'dev', '--port', String(port)],
  })
}
