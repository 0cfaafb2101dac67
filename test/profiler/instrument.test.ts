import { Hono } from 'hono'
import { inspectRoutes } from 'hono/dev'
import { afterEach, describe, expect, it } from 'vitest'
import { bindProfiler, passOn, sleep, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const { profiler, instrument, printed } = bindProfiler()

describe.each([
  ['a lone handler', () => new Hono()],
  [
    'a handler below middleware',
    () => {
      const app = new Hono()
      app.use(passOn)
      return app
    },
  ],
])('instrument on %s', (_name, makeApp) => {
  it('profiles every request of a sync and an async handler', async () => {
    const store = watchedStore()
    const app = makeApp()
    app.get(
      '/sync',
      instrument((c) => c.text('own'), { store })
    )
    app.post(
      '/async',
      instrument(async (c) => c.text(await c.req.text(), 201), { store })
    )
    const sync = await app.request('/sync')
    expect(sync.headers.get('content-type')).toMatch('text/html')
    expect(await sync.text()).toMatch(/^<!doctype html>/)
    expect((await store.last()).meta.request).toMatchObject({ path: '/sync', status: 200 })
    const async = await app.request('/async', { method: 'POST', body: 'own' })
    expect(await async.text()).toMatch(/^<!doctype html>/)
    expect((await store.last()).meta.request).toMatchObject({ path: '/async', status: 201 })
  })

  it('lets the URL choose the form', async () => {
    const app = makeApp()
    app.get(
      '/',
      instrument((c) => c.text('own'))
    )
    expect(await (await app.request('/?profile=text')).text()).toContain('GET /')
    const json = (await (await app.request('/?profile=json')).json()) as object
    expect(Object.keys(json)).toEqual(['meta', 'rootFrame'])
    expect(await (await app.request('/?profile=0')).text()).toMatch(/^<!doctype html>/)
  })

  it('prints with term=1 and answers as the handler does', async () => {
    const app = makeApp()
    app.get(
      '/',
      instrument(() => new Response('own', { headers: { 'x-own': '1' } }))
    )
    const response = await app.request('/?profile=1&term=1')
    expect(await response.text()).toBe('own')
    expect(response.headers.get('x-own')).toBe('1')
    expect(response.headers.get('server-timing')).toMatch(/^total;dur=/)
    expect(printed.pop()).toContain('GET /')
  })

  it('keeps the cookies and drops the other headers', async () => {
    const app = makeApp()
    const handler = instrument((c) => {
      c.header('set-cookie', 'a=1')
      c.header('etag', '"e"')
      return c.text('own')
    })
    app.get('/', handler)
    const { headers } = await app.request('/')
    expect(headers.getSetCookie()).toEqual(['a=1'])
    expect(headers.has('etag')).toBe(false)
  })

  it.each([
    ['disabled', { enabled: false }],
    ['refused', { authorize: () => false }],
    ['not worth it', { shouldProfile: () => false }],
  ])('serves plainly when it is %s', async (_reason, options) => {
    const app = makeApp()
    app.get(
      '/',
      instrument(async (c) => c.text(await Promise.resolve('own')), options)
    )
    for (const path of ['/', '/?profile=1', '/?profile=1&term=1']) {
      const response = await app.request(path)
      expect(await response.text()).toBe('own')
      expect([...response.headers.keys()]).toEqual(['content-type'])
    }
  })

  it('serves plainly in production, and profiles for those who are authorized', async () => {
    const production = bindProfiler({ NODE_ENV: 'production' })
    const app = makeApp()
    app.get(
      '/plain',
      production.instrument((c) => c.text('own'))
    )
    const authorize = (): boolean => true
    app.get(
      '/checked',
      production.instrument((c) => c.text('own'), { authorize })
    )
    expect(await (await app.request('/plain')).text()).toBe('own')
    expect(await (await app.request('/checked')).text()).toMatch(/^<!doctype html>/)
  })
})

describe('instrument under the middleware', () => {
  const app = new Hono()
  const store = watchedStore()
  app.use(profiler({ store }))
  app.get(
    '/',
    instrument(async function listOrders(c) {
      await sleep(2)
      return c.text('own')
    })
  )
  app.get(
    '/nameless',
    instrument(async (c) => {
      await sleep(10)
      return c.text('own')
    })
  )

  it('reports when the request does not ask', async () => {
    expect(await (await app.request('/')).text()).toMatch(/^<!doctype html>/)
    expect(await store.list()).toEqual([])
  })

  it('leaves a request that asks to the middleware', async () => {
    const response = await app.request('/?profile=text')
    expect(await response.text()).toContain('listOrders')
    expect((await store.last()).meta.runs).toBe(1)
    expect(await store.list()).toHaveLength(1)
  })

  it('stands in the chain as the handler that it is', async () => {
    await app.request('/nameless?profile=text')
    const session = await store.last()
    const { name, kind } = session.data.spans[0]!
    expect({ name, kind }).toEqual({ name: 'GET /nameless handler', kind: 'handler' })
    expect(session.findings().map(({ title }) => title)).not.toContainEqual(
      expect.stringContaining('middleware')
    )
  })

  it('stands in the chain as what it is given', async () => {
    await app.request('/?profile=text')
    expect((await store.last()).middleware().map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'handler listOrders',
    ])
    expect(inspectRoutes(app).map(({ name, isMiddleware }) => ({ name, isMiddleware }))).toEqual([
      { name: 'profiler', isMiddleware: true },
      { name: 'listOrders', isMiddleware: false },
      { name: '[handler]', isMiddleware: false },
    ])
  })
})

it('keeps middleware that is instrumented working', async () => {
  const app = new Hono()
  app.use(
    instrument(async (c, next) => {
      await next()
      c.header('x-after', '1')
    })
  )
  app.get('/', (c) => c.text('own'))
  expect(await (await app.request('/')).text()).toMatch(/^<!doctype html>/)
  const response = await app.request('/?profile=1&term=1')
  expect([await response.text(), response.headers.get('x-after')]).toEqual(['own', '1'])
})

it('throws at once for options that cannot work', () => {
  expect(() => instrument((c) => c.text('own'), { interval: 0 })).toThrow(TypeError)
})
