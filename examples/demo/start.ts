import { serve } from '@hono/node-server'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createApp } from './app.tsx'
import { openDatabase } from './database.ts'
import { createDatabase, seedSummary } from './seed.ts'

/** A running part of the demo. */
interface Service {
  url: string
  close(): Promise<void>
}

/**
 * Starts the shop, its database and its suppliers' service.
 *
 * @param port Where the shop listens; 0 means a free port.
 * @throws When the port cannot be had.
 */
export async function startDemo(port: number): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-demo-'))
  const databaseFile = join(folder, 'shop.sqlite')
  console.log(`Creating the database (${seedSummary}) ...`)
  createDatabase(databaseFile)
  const database = openDatabase(databaseFile)

  console.log("Starting the suppliers' service ...")
  const key = randomBytes(24).toString('hex')
  const upstream = await startUpstream(key)

  async function closeServices() {
    await Promise.all([database.close(), upstream.close()])
    await rm(folder, { recursive: true })
  }

  try {
    const app = createApp({ database, databaseFile, suppliers: { url: upstream.url, key } })
    const server = await listen(app.fetch, port)
    return {
      url: server.url,
      close: async () => {
        await server.close()
        await closeServices()
      },
    }
  } catch (error) {
    await closeServices()
    throw error
  }
}

async function startUpstream(key: string): Promise<Service> {
  const worker = new Worker(new URL('upstream.ts', import.meta.url), { workerData: key })
  const [url] = (await once(worker, 'message')) as [string]
  return {
    url,
    close: async () => {
      await worker.terminate()
    },
  }
}

async function listen(fetch: Parameters<typeof serve>[0]['fetch'], port: number): Promise<Service> {
  const server = serve({ fetch, hostname: 'localhost', port }) as Server
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Error(`Cannot listen on port ${port}; choose another with --port`, { cause })
  })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
