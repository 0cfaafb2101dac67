import { serve, upgradeWebSocket } from '@hono/node-server'
import type { ExecutionContext, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { afterEach, describe, expect, it, vi } from 'vitest'
// eslint-disable-next-line n/no-extraneous-import -- miniflare brings it along
import { WebSocketServer } from 'ws'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { bindProfiler, sleep, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning, running } from '../helpers/nothing-running.ts'

// The first request loads and compiles what records.
vi.setConfig({ testTimeout: 30_000 })

afterEach(expectNothingRunning)

const nothing = { hooks: 0, samplers: 0 }

function withRoutes(...middleware: MiddlewareHandler[]): Hono {
  const app = new Hono()
  for (const each of middleware) {
    app.use(each)
  }
  app.all('/text', (c) => c.text('own', 200, { 'x-own': '1' }))
  app.all('/empty', (c) => c.body(null, 204))
  app.all('/unchanged', (c) => c.body(null, 304, { etag: '"1"' }))
  app.all('/moved', (c) => {
    setCookie(c, 'order', '7')
    return c.redirect('/text', 303)
  })
  app.all('/later', async () => {
    await sleep(1)
    return new Response(new Blob(['own']).stream(), { status: 202 })
  })
  return app
}

describe('every kind of response', () => {
  const store = watchedStore()
  const plain = withRoutes()
  const app = withRoutes(bindProfiler().profiler({ store }))
  const paths = ['/text', '/empty', '/unchanged', '/moved', '/later', '/nowhere']
  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']
  const cases = paths.flatMap((path) => methods.map((method) => [method, path] as const))

  it.each(cases)('%s %s is the same with term=1, and its report has its status', async (...of) => {
    const [method, path] = of
    const own = await plain.request(path, { method })
    const served = await app.request(`${path}?profile=1&term=1`, { method })
    const headers = new Headers(served.headers)
    for (const added of ['server-timing', 'x-profile-id']) {
      headers.delete(added)
    }
    expect([served.status, [...headers], await served.text()]).toEqual([
      own.status,
      [...own.headers],
      await own.text(),
    ])
    const report = await app.request(`${path}?profile=text`, { method })
    expect(report.status).toBe(200)
    expect(report.headers.getSetCookie()).toEqual(own.headers.getSetCookie())
    const { request } = (await store.last()).meta
    expect(request).toMatchObject({ method, path, status: own.status })
    await report.text()
    await expect.poll(running).toEqual(nothing)
  })
})

it('work of waitUntil goes on, and the recording is waited for', async () => {
  const waited: Promise<unknown>[] = []
  const context = {
    waitUntil: (work: Promise<unknown>) => waited.push(work),
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext
  const store = watchedStore()
  const app = new Hono().use(bindProfiler().profiler({ store }))
  const done: string[] = []
  app.get('/', (c) => {
    const work = async (): Promise<void> => {
      await sleep(10)
      done.push('written')
    }
    c.executionCtx.waitUntil(work())
    return c.text('own')
  })
  const response = await app.request('/?profile=1&term=1', {}, {}, context)
  expect(await response.text()).toBe('own')
  expect(waited).toHaveLength(2)
  await Promise.all(waited)
  expect(done).toEqual(['written'])
  expect(await store.list()).toHaveLength(1)
})

it('an answer that comes after the report is left alone', async () => {
  const app = new Hono().use(bindProfiler().profiler({ maxDuration: 20 }))
  let answer: () => void = () => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  app.get('/', async (c) => {
    await answered
    return c.text('own')
  })
  const report = await app.request('/?profile=text')
  answer()
  await sleep(5)
  expect(await report.text()).toContain('had not ended after 20 ms (maxDuration)')
})

it.each(['', '?profile=1', '?profile=1&term=1'])(
  'a WebSocket is opened and talks: %j',
  async (query) => {
    const store = watchedStore()
    const app = new Hono().use(bindProfiler().profiler({ store }))
    app.get(
      '/socket',
      upgradeWebSocket(() => ({
        onMessage: (event, socket) => {
          socket.send(`echo ${event.data as string}`)
        },
      }))
    )
    app.get('/text', function text(c) {
      return c.text('own')
    })
    const sockets = new WebSocketServer({ noServer: true })
    const server = serve({ fetch: app.fetch, port: 0, websocket: { server: sockets } })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket${query}`)
    await once(socket, 'open')
    const message = once(socket, 'message')
    socket.send('order')
    const [{ data }] = (await message) as [{ data: unknown }]
    expect(data).toBe('echo order')
    socket.close()
    await once(socket, 'close')
    // The server goes on.
    const report = await fetch(`http://127.0.0.1:${port}/text?profile=1`)
    expect(await report.text()).toMatch(/^<!doctype html>/)
    expect((await store.last()).meta.request?.path).toBe('/text')
    await expect.poll(running).toEqual(nothing)
    server.close()
  }
)
