import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { NODE_COMPAT } from './start-worker.ts'

/** 232 MB when installed, so it is no dependency of the project. */
const WRANGLER = 'wrangler@4'

/**
 * Runs a worker under `wrangler dev`, which npx fetches.
 *
 * @throws When wrangler cannot be had, or does not start; the message has what it printed.
 */
export async function startWrangler(script: string, vars: Record<string, string>): Promise<Worker> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-wrangler-'))
  await writeFile(join(folder, 'worker.js'), script)
  const port = await freePort()
  const config = {
    name: 'main',
    main: 'worker.js',
    compatibility_date: '2026-07-30',
    compatibility_flags: [NODE_COMPAT],
    vars,
  }
  await writeFile(join(folder, 'wrangler.json'), JSON.stringify(config))
  const args = ['-y', WRANGLER, 'dev', '--ip', '127.0.0.1', '--port', String(port)]
  const child = spawn('npx', args, {
    cwd: folder,
    // Wrangler and what it starts end together.
    detached: true,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      process.kill(-child.pid!)
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await untilReady(child)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}`, script, stop }
}

/** Wrangler says when it listens. */
function untilReady(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes('Ready on')) {
        resolve()
      }
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.on('error', reject)
    child.on('exit', (code) => {
      const reason = `npx -y ${WRANGLER} dev ended with ${code}`
      reject(
        new Error(`${reason}: this test needs it from the npm registry, and Node 22.\n${output}`)
      )
    })
  })
}
