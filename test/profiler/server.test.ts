import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { stream } from 'hono/streaming'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bindProfiler, sleep, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning, running } from '../helpers/nothing-running.ts'

const { profiler, printed } = bindProfiler()
const store = watchedStore()
const cancelled: string[] = []

const app = new Hono()
app.use('/zip/*', compress({ threshold: 0 }))
app.use(profiler({ store }))
app.post('/echo', async (c) => c.body(await c.req.arrayBuffer(), 201, { 'x-own': '1' }))
app.get('/zip/text', (c) => c.text('own '.repeat(1000)))
app.get('/stream', (c) =>
  stream(c, async (out) => {
    out.onAbort(() => {
      cancelled.push('stream')
    })
    for (let i = 0; i < 5; i++) {
      await out.write(`part ${i} `)
      await sleep(2)
    }
  })
)
app.get('/raw', () => new Response('own', { headers: { 'set-cookie': 'a=1', 'x-own': '1' } }))

const slow = { onStart: (): void => undefined, goOn: Promise.resolve() }
app.get('/slow', async (c) => {
  slow.onStart()
  await slow.goOn
  return c.text('own')
})

let server: ReturnType<typeof serve>
let origin = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
      resolve()
    })
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
afterEach(expectNothingRunning)

it('serves as the application does when nothing is asked', async () => {
  const response = await fetch(`${origin}/raw`)
  expect(await response.text()).toBe('own')
  expect(response.headers.get('x-own')).toBe('1')
})

it('answers with the whole page, and the cookies alone of the headers', async () => {
  const response = await fetch(`${origin}/raw?profile=1`)
  const text = await response.text()
  expect(response.status).toBe(200)
  expect(text).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/)
  expect(response.headers.get('content-type')).toMatch('text/html')
  expect(response.headers.get('set-cookie')).toBe('a=1')
  expect(response.headers.has('x-own')).toBe(false)
})

it('leaves a body of some size to the handler', async () => {
  const body = Buffer.alloc(300_000, 7)
  const echo = async (query: string): Promise<Response> =>
    await fetch(`${origin}/echo${query}`, { method: 'POST', body })
  const response = await echo('?profile=1&term=1')
  expect(response.status).toBe(201)
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
  expect(printed.pop()).toContain('POST /echo')
  expect((await (await echo('?profile=text')).text()).length).toBeLessThan(100_000)
  expect((await store.last()).meta.request).toMatchObject({ method: 'POST', status: 201 })
})

it('serves a stream whole with term=1', async () => {
  const response = await fetch(`${origin}/stream?profile=1&term=1`)
  // The totals are not known when the headers go out.
  expect(response.headers.get('server-timing')).toBeNull()
  expect(await response.text()).toBe('part 0 part 1 part 2 part 3 part 4 ')
  expect(cancelled).toEqual([])
  await expect.poll(running).toEqual({ hooks: 0, samplers: 0 })
})

it('serves a stream as it comes, not all at its end, with term=1', async () => {
  const response = await fetch(`${origin}/stream?profile=1&term=1`)
  let chunks = 0
  for await (const chunk of response.body!) {
    expect(chunk).toBeDefined()
    chunks++
  }
  expect(chunks).toBeGreaterThan(1)
  await expect.poll(running).toEqual({ hooks: 0, samplers: 0 })
})

it('is compressed by the middleware around it, like any response', async () => {
  const response = await fetch(`${origin}/zip/text?profile=1`)
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await response.text()).toMatch(/^<!doctype html>/)
})

it('answers HEAD with headers alone', async () => {
  const response = await fetch(`${origin}/raw?profile=1`, { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
  expect((await store.last()).meta.request?.method).toBe('HEAD')
})

it('records a request whose client goes away, and serves the next one', async () => {
  const request = httpRequest(`${origin}/slow?profile=1`)
  const gone = new Promise((resolve) => request.on('error', resolve))
  slow.goOn = gone.then(() => undefined)
  const started = new Promise<void>((resolve) => {
    slow.onStart = resolve
  })
  request.end()
  await started
  request.destroy(new Error('the client leaves'))
  await gone
  await expect.poll(async () => (await store.last()).meta.request?.path).toBe('/slow')
  expect(await (await fetch(`${origin}/raw`)).text()).toBe('own')
})
