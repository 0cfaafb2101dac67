import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from './start-worker.ts'
import { NODE_COMPAT } from './start-worker.ts'

/** A development server of Cloudflare's. */
interface DevServer {
  /** The worker. */
  script: string
  vars: Record<string, string>
  url: string
  /** What it prints when it listens. */
  ready: string
  /** Puts what it needs beside the worker into its folder. */
  prepare?: (folder: string) => Promise<void>
  command: [name: string, ...args: string[]]
}

/**
 * Starts a development server in a folder of its own, with the worker and its configuration.
 *
 * @throws When it does not start; the message has what it printed.
 */
export async function startDevServer(server: DevServer): Promise<Worker> {
  const { script, vars, url, prepare, ready } = server
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-dev-server-'))
  const config = {
    name: 'main',
    main: 'worker.js',
    compatibility_date: '2026-07-30',
    compatibility_flags: [NODE_COMPAT],
    vars,
  }
  await writeFile(join(folder, 'worker.js'), script)
  await writeFile(join(folder, 'wrangler.json'), JSON.stringify(config))
  await prepare?.(folder)
  const [name, ...args] = server.command
  const child = spawn(name, args, {
    cwd: folder,
    // The server and what it starts end together.
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
    await untilReady(child, ready)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, script, stop }
}

function untilReady(child: ReturnType<typeof spawn>, ready: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes(ready)) {
        resolve()
      }
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.on('error', reject)
    child.on('exit', (code) => {
      const reason = `${child.spawnargs.join(' ')} ended with ${code}`
      reject(
        new Error(`${reason}: this test needs it from the npm registry, and Node 22.\n${output}`)
      )
    })
  })
}
