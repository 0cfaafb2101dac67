import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NODE_COMPAT } from './start-worker.ts'

/** A worker on disk, beside which a development server finds its configuration. */
export interface WorkerFolder {
  folder: string
  /** The file of the worker. */
  main: string
  vars?: Record<string, string>
}

/** A development server of Cloudflare's. */
interface DevServer {
  url: string
  /** What it prints when it listens. */
  ready: string
  command: [name: string, ...args: string[]]
}

/** What runs, and how it ends. */
export interface RunningServer {
  url: string
  stop(): Promise<void>
}

/**
 * Starts a development server in the folder of a worker.
 *
 * @throws When it does not start; the message has what it printed.
 */
export async function startDevServer(
  { folder, main, vars = {} }: WorkerFolder,
  { url, ready, command }: DevServer
): Promise<RunningServer> {
  const config = {
    name: 'main',
    main,
    compatibility_date: '2026-07-30',
    compatibility_flags: [NODE_COMPAT],
    vars,
  }
  await writeFile(join(folder, 'wrangler.json'), JSON.stringify(config))
  const [name, ...args] = command
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
  }
  try {
    await untilReady(child, ready)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
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
