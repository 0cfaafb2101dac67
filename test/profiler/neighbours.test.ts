import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bodyLimit } from 'hono/body-limit'
import { cache } from 'hono/cache'
import { every, some } from 'hono/combine'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { csrf } from 'hono/csrf'
import { etag } from 'hono/etag'
import { jwt, sign } from 'hono/jwt'
import { logger } from 'hono/logger'
import { secureHeaders } from 'hono/secure-headers'
import { timeout } from 'hono/timeout'
import { timing } from 'hono/timing'
import { afterEach, describe, expect, it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import {
  bindProfiler,
  functionNames,
  passOn,
  sleep,
  watchedStore,
} from '../helpers/bound-profiler.ts'
import { expectNothingRunning, running } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const token = await sign({ sub: 'anna' }, 'the key of this test', 'HS256')

/** Headers that let the requests through all of them. */
const headers: Record<string, string> = {
  'accept-encoding': 'gzip',
  origin: 'http://localhost',
  authorization: `Bearer ${token}`,
}
const basic = { ...headers, authorization: `Basic ${btoa('anna:secret')}` }

const neighbours: [name: string, make: () => MiddlewareHandler, headers?: typeof headers][] = [
  ['compress', () => compress({ threshold: 0 })],
  ['etag', () => etag()],
  // Node has no caches: then it passes on.
  ['cache', () => cache({ cacheName: 'orders', cacheControl: 'max-age=60' })],
  ['cors', () => cors({ origin: 'http://localhost' })],
  ['csrf', () => csrf()],
  ['secureHeaders', () => secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } })],
  ['timeout', () => timeout(5000)],
  ['timing', () => timing({ total: false })],
  ['bodyLimit', () => bodyLimit({ maxSize: 1000 })],
  ['every', () => every(passOn, cors())],
  ['some', () => some(passOn, cors())],
  ['logger', () => logger(() => undefined)],
  ['basicAuth', () => basicAuth({ username: 'anna', password: 'secret' }), basic],
  ['jwt', () => jwt({ secret: 'the key of this test', alg: 'HS256' })],
  ['serveStatic', () => serveStatic({ root: 'test/fixtures/shop', rewriteRequestPath: missing })],
]

function missing(): string {
  return '/no-such-file'
}

function appOf(...middleware: MiddlewareHandler[]): Hono {
  const app = new Hono()
  for (const each of middleware) {
    app.use(each)
  }
  app.all('/orders', async function orders(c) {
    await sleep(1)
    return c.text(`order of ${(await c.req.text()) || 'nobody'} `.repeat(50), 201, { 'x-own': '1' })
  })
  return app
}

interface Answer {
  status: number
  headers: Record<string, string>
  text: string
}

async function answer(app: Hono, query: string, given = headers, method = 'GET'): Promise<Answer> {
  const body = method === 'POST' ? 'anna' : undefined
  const response = await app.request(`/orders${query}`, { method, headers: given, body })
  const bytes = Buffer.from(await response.arrayBuffer())
  const isZipped = response.headers.get('content-encoding') === 'gzip'
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: String(isZipped ? gunzipSync(bytes) : bytes),
  }
}

/** Headers without what differs between two answers that are alike. */
function comparable({ headers: { 'server-timing': _, ...others }, ...rest }: Answer): object {
  return { ...rest, headers: others }
}

describe.each(neighbours)('beside %s', (_name, make, given = headers) => {
  const { profiler } = bindProfiler()
  const store = watchedStore()
  const plain = appOf(make())
  const orders: [string, Hono][] = [
    ['after it', appOf(make(), profiler({ store }))],
    ['before it', appOf(profiler({ store }), make())],
  ]

  it.each(orders)('%s, a request that does not ask is answered alike', async (_order, app) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const own = comparable(await answer(plain, '', given, method))
      expect(comparable(await answer(app, '', given, method))).toEqual(own)
    }
  })

  it.each(orders)('%s, the report is whole, and of the request', async (_order, app) => {
    const { status, text } = await answer(app, '?profile=1', given, 'POST')
    expect(status).toBe(200)
    expect(text).toMatch(/^<!doctype html>[^]*<\/html>\s*$/)
    const session = await store.last()
    expect(session.meta.request).toMatchObject({ method: 'POST', path: '/orders', status: 201 })
    expect(functionNames(session)).toContain('orders')
  })

  it.each(orders)('%s, the own answer is alike with term=1', async (order, app) => {
    const own = await answer(plain, '', given, 'POST')
    const served = await answer(app, '?profile=1&term=1', given, 'POST')
    // A body that streams goes out before the recording has ended.
    const streams = order === 'before it' && own.headers['content-encoding'] !== undefined
    expect('x-profile-id' in served.headers).toBe(!streams)
    expect((served.headers['server-timing'] ?? '').includes('total;dur=')).toBe(!streams)
    delete served.headers['x-profile-id']
    expect(comparable(served)).toEqual(comparable(own))
    await expect.poll(running).toEqual({ hooks: 0, samplers: 0 })
  })
})

describe('applications of several parts', () => {
  const { profiler, instrument } = bindProfiler()
  const store = watchedStore()

  function partOf(name: string): Hono {
    const part = new Hono()
    part.get('/orders', async function listOrders(c) {
      await sleep(1)
      return c.text(name)
    })
    return part
  }

  const routed = new Hono().use(profiler({ store })).route('/api', partOf('routed'))
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what applications call
  const mounted = new Hono().use(profiler({ store })).mount('/api', partOf('mounted').fetch)
  const inside = new Hono().route(
    '/api',
    new Hono().use(profiler({ store })).route('/', partOf('inside'))
  )
  const based = new Hono().basePath('/api').use(profiler({ store })).route('/', partOf('based'))
  const twice = new Hono()
    .use(profiler({ store }))
    .use('/api/*', profiler({ store }))
    .route('/api', partOf('twice'))
  const instrumented = new Hono().use(profiler({ store }))
  instrumented.get(
    '/api/orders',
    instrument(
      async function listOrders(c) {
        await sleep(1)
        return c.text('instrumented')
      },
      { store }
    )
  )

  it.each([
    ['app.route', routed, 'routed'],
    ['app.mount', mounted, 'mounted'],
    ['a profiler inside of a sub-app', inside, 'inside'],
    ['basePath', based, 'based'],
    ['two profilers', twice, 'twice'],
    ['instrument under the profiler', instrumented, 'instrumented'],
  ])('%s: one session, of the handler, and the own answer', async (_what, app, own) => {
    const before = (await store.list()).length
    const report = await app.request('/api/orders?profile=json')
    const { meta } = (await report.json()) as { meta: { request: object } }
    expect(meta.request).toMatchObject({ method: 'GET', path: '/api/orders', status: 200 })
    const served = await app.request('/api/orders?profile=1&term=1')
    expect(await served.text()).toBe(own)
    expect((await store.list()).length).toBe(before + 2)
    expect(functionNames(await store.last())).toContain('listOrders')
  })
})
