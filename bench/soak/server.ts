/** The process that is soaked, on Node or Bun. It prints its port, and tells of itself at `/health`. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { soakApp } from './app.ts'

/** What a server says of itself when no request is under way. */
export interface Health {
  /** Megabytes, after garbage was collected. */
  heap: number
  rss: number
  /** Timers, sockets, files: what would keep the process alive or is open in it. */
  handles: number
}

const isBun = 'Bun' in globalThis
const entry = isBun
  ? await import('../../runtimes/bun/index.ts')
  : await import('../../runtimes/node/index.ts')

const server = new Hono()
server.get('/health', (c) => c.json(health()))
server.route('/', soakApp(entry, process.argv[2]!))

console.log(isBun ? Bun.serve({ port: 0, fetch: server.fetch }).port : await listen())

async function listen(): Promise<number> {
  const listening = serve({ fetch: server.fetch, hostname: '127.0.0.1', port: 0 })
  await once(listening, 'listening')
  return (listening.address() as AddressInfo).port
}

function health(): Health {
  collectGarbage()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / 1e6, rss: rss / 1e6, handles: openHandles() }
}

function collectGarbage(): void {
  // Some objects are freed only when their finalizers have run.
  for (let i = 0; i < 2; i++) {
    if (isBun) {
      Bun.gc(true)
    } else {
      ;(globalThis as unknown as { gc(): void }).gc()
    }
  }
}

/** Bun does not tell of its resources; on Linux the files that are open stand in a directory. */
function openHandles(): number {
  const resources = isBun ? 0 : process.getActiveResourcesInfo().length
  const files = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  return resources + files
}
