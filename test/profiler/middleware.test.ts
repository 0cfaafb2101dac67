import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { HonoRequest } from 'hono/request'
import { afterEach, describe, expect, it } from 'vitest'
import { walk } from '../../src/session/frame.ts'
import {
  bindProfiler,
  burn,
  LONG_ENOUGH_TO_BE_SAMPLED,
  functionNames,
  sleep,
  timesOf,
  watchedStore,
} from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const { profiler, printed } = bindProfiler()
const store = watchedStore()

const app = new Hono()
app.use(profiler({ store }))
app.all('/own', (c) => c.text(`own ${c.req.query('profile') ?? ''}`))
app.post('/orders', async (c) => c.json({ got: await c.req.json<unknown>() }, 201))

describe('a request that asks for nothing', () => {
  it.each(['/own', '/own?profile=0', '/own?profile=false', '/own?profile=', '/own?profile=anna'])(
    '%s is the application’s own',
    async (path) => {
      const response = await app.request(path)
      expect(await response.text()).toMatch(/^own/)
      expect([...response.headers.keys()]).toEqual(['content-type'])
      expect(await store.list()).toEqual([])
    }
  )

  it('is served by the very promise of the application, without another one around it', () => {
    const next = Promise.resolve()
    const c = { req: new HonoRequest(new Request('http://host/')) } as never
    expect(profiler()(c, () => next)).toBe(next)
  })
})

describe('the report', () => {
  it('is a page, a text, JSON or Markdown', async () => {
    const typeOf = async (word: string): Promise<string | null> => {
      const response = await app.request(`/own?profile=${word}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-store')
      return response.headers.get('content-type')
    }
    expect(await typeOf('1')).toMatch('text/html')
    expect(await typeOf('text')).toMatch('text/plain')
    expect(await typeOf('json')).toMatch('application/json')
    expect(await typeOf('markdown')).toMatch('text/markdown')
  })

  it('is given for the header as for the parameter', async () => {
    const response = await app.request('/own', { headers: { 'x-profile': 'json' } })
    const { meta } = (await response.json()) as { meta: { request: object } }
    expect(meta.request).toEqual({
      method: 'GET',
      path: '/own',
      route: '/own',
      status: 200,
      timeToFirstByte: expect.any(Number) as number,
    })
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE'])(
    'is given for %s',
    async (method) => {
      const response = await app.request('/own?profile=json', { method })
      const { meta } = (await response.json()) as { meta: { description: string } }
      expect(meta.description).toBe(`${method} /own`)
    }
  )

  it('has a name when the session was kept, and none when it was not', async () => {
    const response = await app.request('/own?profile=1')
    expect(response.headers.get('x-profile-id')).toBe((await store.list()).at(-1))
    const unkept = new Hono().use(profiler()).get('/', (c) => c.text('own'))
    expect((await unkept.request('/?profile=1')).headers.has('x-profile-id')).toBe(false)
  })

  it('says nothing of what the profiler itself does, and prints nothing', async () => {
    await app.request('/own?profile=1')
    const frames = [...walk((await store.last()).rootFrame())]
    expect(frames.filter(({ record }) => record.origin === 'profiler').map(String)).toEqual([])
    expect(printed).toEqual([])
  })

  it('leaves the body to the handler', async () => {
    const init = { method: 'POST', body: '{"id":7}' }
    expect(await (await app.request('/orders', init)).json()).toEqual({ got: { id: 7 } })
    await app.request('/orders?profile=json', init)
    const { request } = (await store.last()).meta
    expect(request).toMatchObject({ method: 'POST', route: '/orders', status: 201 })
  })

  it("keeps the application's cookies and none of its other headers", async () => {
    const shop = new Hono()
    shop.use(async (c, next) => {
      await next()
      c.header('x-outer', 'added after')
    })
    shop.use(profiler())
    shop.get('/', (c) => {
      setCookie(c, 'a', '1')
      setCookie(c, 'b', '2')
      c.header('etag', '"e"')
      c.header('content-encoding', 'gzip')
      return c.body('own', 206, { 'content-length': '3', 'cache-control': 'public' })
    })
    const { status, headers } = await shop.request('/?profile=1')
    expect(status).toBe(200)
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/'])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-outer')).toBe('added after')
    for (const name of ['etag', 'content-encoding', 'content-length']) {
      expect(headers.has(name), name).toBe(false)
    }
  })
})

describe('what is recorded', () => {
  it('is the handler, sync or async, and the middleware inside of the profiler', async () => {
    const inner = new Hono()
    inner.use(profiler({ store }))
    inner.use(async function checkUser(_c, next) {
      await sleep(5)
      await next()
      burn(5)
    })
    inner.get('/async', async function listOrders(c) {
      await sleep(5)
      burn(5)
      return c.text('own')
    })
    inner.get('/sync', function showOrder(c) {
      burn(LONG_ENOUGH_TO_BE_SAMPLED)
      return c.text('own')
    })
    await inner.request('/async?profile=1')
    const async = await store.last()
    expect(functionNames(async)).toEqual(
      expect.arrayContaining(['checkUser', 'listOrders', 'sleep'])
    )
    // Two timers and two loops of 5 ms each; timers may be a millisecond early.
    expect(timesOf(async).waited).toBeGreaterThan(7)
    expect(timesOf(async).ran).toBeGreaterThan(9)
    expect(async.data.waits.length).toBeGreaterThanOrEqual(2)
    await inner.request('/sync?profile=1')
    expect(functionNames(await store.last())).toEqual(
      expect.arrayContaining(['checkUser', 'showOrder'])
    )
  })

  it('is recorded once when the middleware is registered twice', async () => {
    const twice = new Hono()
    twice.use(profiler({ store }))
    twice.use('/api/*', profiler({ store, trigger: 'profile' }))
    twice.get('/api/x', (c) => c.text('own'))
    const before = (await store.list()).length
    const response = await twice.request('/api/x?profile=json')
    expect(((await response.json()) as { meta: { runs: number } }).meta.runs).toBe(1)
    expect((await store.list()).length).toBe(before + 1)
    const [latest] = (await store.list()).slice(-1)
    const { spans } = (await store.load(latest!))!.data
    expect(spans.map(({ name }) => name)).toEqual(['GET /api/x handler'])
  })

  it('does not spread to a request that the recorded one makes of the application itself', async () => {
    const shop = new Hono()
    const store = watchedStore()
    shop.use(profiler({ store }))
    shop.get('/inner', (c) => c.text('inner'))
    shop.get('/outer', async (c) => c.text(await (await shop.request('/inner?profile=1')).text()))
    expect(await (await shop.request('/outer')).text()).toMatch('<!doctype html>')
    const before = (await store.list()).length
    await shop.request('/outer?profile=1')
    expect((await store.list()).length).toBe(before + 1)
  })

  it('is each of two requests at a time, without the other', async () => {
    const shop = new Hono()
    shop.use(profiler({ store }))
    const work = async (): Promise<Response> => {
      for (let i = 0; i < 5; i++) {
        await sleep(2)
        burn(4)
      }
      return new Response('own')
    }
    shop.get('/a', async function route_a() {
      return await work()
    })
    shop.get('/b', async function route_b() {
      return await work()
    })
    await Promise.all([shop.request('/a?profile=1'), shop.request('/b?profile=1')])
    for (const name of (await store.list()).slice(-2)) {
      const session = (await store.load(name))!
      const [mine, other] = name.includes('-a') ? ['a', 'b'] : ['b', 'a']
      const names = [...walk(session.rootFrame())].map((frame) => frame.function)
      expect(names).toContain(`route_${mine}`)
      expect(names).not.toContain(`route_${other}`)
      // Up to 20 ms, as their turns happen to fall.
      expect(session.meta.totals.blocked).toBeGreaterThan(2)
    }
  })
})
