import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { bindProfiler } from '../helpers/bound-profiler.ts'

const { profiler } = bindProfiler()
const app = new Hono()
app.use('/compressed/*', compress())
app.use('/only-deflate/*', compress({ encoding: 'deflate' }))
app.use('/changed/*', async (c, next) => {
  await next()
  c.header('x-after', '1')
})
app.use(profiler())
app.get('*', (c) => c.text('own '.repeat(1000)))

let server: ReturnType<typeof serve>
let port = 0
beforeAll(async () => {
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

interface Answer {
  headers: Record<string, unknown>
  bytes: Buffer
}

/** Asks without decoding what comes. */
const ask = (path: string, accepted?: string, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
    get({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        resolve({ headers: response.headers, bytes: Buffer.concat(parts) })
      })
    }).on('error', reject)
  })

const encodingOf = async (path: string, accepted?: string, method?: string) =>
  (await ask(path, accepted, method)).headers['content-encoding']

describe('a report', () => {
  it.each(['gzip', 'br;q=1.0, GZIP ; Q=0.5', 'deflate, gzip', '*'])(
    'goes out compressed to a client that accepts %s',
    async (accepted) => {
      const { headers, bytes } = await ask('/a?profile=1', accepted)
      expect(headers['content-encoding']).toBe('gzip')
      expect(headers.vary).toBe('accept-encoding')
      expect(headers).not.toHaveProperty('content-length')
      expect(gunzipSync(bytes).toString()).toMatch(/^<!doctype html>[^]*<\/html>\n$/)
      expect(bytes.length).toBeLessThan(70_000)
    }
  )

  it.each([undefined, '', 'identity', 'br', 'gzip;q=0', '*;q=0', 'gzip;q=0.000, *', 'gzip;q=x'])(
    'goes out as it is to a client that accepts %s',
    async (accepted) => {
      const { headers, bytes } = await ask('/a?profile=1', accepted)
      expect(headers).not.toHaveProperty('content-encoding')
      expect(headers.vary).toBe('accept-encoding')
      expect(bytes.toString()).toMatch(/^<!doctype html>/)
    }
  )

  it('is compressed once where the application compresses, too', async () => {
    for (const path of ['/compressed/a', '/only-deflate/a', '/changed/a']) {
      const { headers, bytes } = await ask(`${path}?profile=1`, 'gzip, deflate')
      expect(headers['content-encoding'], path).toBe('gzip')
      expect(gunzipSync(bytes).toString(), path).toMatch(/^<!doctype html>/)
    }
    expect(await encodingOf('/compressed/a', 'gzip')).toBe('gzip')
    expect(await encodingOf('/a', 'gzip')).toBeUndefined()
  })

  it('is encoded for no HEAD, for no few bytes, and not when it is binary', async () => {
    const head = await ask('/a?profile=1', 'gzip', 'HEAD')
    expect(head.headers).not.toHaveProperty('content-encoding')
    expect(head.headers.vary).toBe('accept-encoding')
    expect(await encodingOf('/a?profile=pprof', 'gzip')).toBeUndefined()
    expect(await encodingOf('/a?profile=folded', 'gzip')).toBeUndefined()
    expect(await encodingOf('/a?profile=json', 'gzip')).toBe('gzip')
  })

  it('goes out as it is where the runtime cannot compress', async () => {
    vi.stubGlobal('CompressionStream', undefined)
    expect(await encodingOf('/a?profile=1', 'gzip')).toBeUndefined()
    vi.unstubAllGlobals()
  })
})
