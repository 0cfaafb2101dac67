import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RunningServer, WorkerFolder } from './dev-server.ts'
import { startDevServer } from './dev-server.ts'
import { freePort } from './modes.ts'

/** 250 MB when installed, with workerd: no dependencies of the project. */
const PACKAGES = ['vite@8', '@cloudflare/vite-plugin@1']

/**
 * Runs a worker under `vite dev` with Cloudflare's plugin, which npm fetches.
 *
 * @throws When they cannot be had, or do not start; the message has what was printed.
 */
export async function startVite(worker: WorkerFolder): Promise<RunningServer> {
  const tools = await mkdtemp(join(tmpdir(), 'hono-profiler-vite-'))
  const removeTools = (): Promise<void> => rm(tools, { recursive: true, maxRetries: 5 })
  try {
    await writeFile(join(tools, 'package.json'), '{ "private": true, "type": "module" }')
    const plugin = join(tools, 'cloudflare.js')
    await writeFile(plugin, "export { cloudflare } from '@cloudflare/vite-plugin'\n")
    await writeFile(
      join(worker.folder, 'vite.config.mjs'),
      `import { cloudflare } from ${JSON.stringify(plugin)}\nexport default { plugins: [cloudflare()] }\n`
    )
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], {
      cwd: tools,
    })
    const port = await freePort()
    const server = await startDevServer(worker, {
      url: `http://localhost:${port}`,
      ready: 'ready in',
      command: [join(tools, 'node_modules/.bin/vite'), 'dev', '--port', String(port)],
    })
    return { url: server.url, stop: () => server.stop().then(removeTools) }
  } catch (error) {
    await removeTools()
    throw error
  }
}
