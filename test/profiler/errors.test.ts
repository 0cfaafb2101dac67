import type { ErrorHandler } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SessionMeta } from '../../src/session/records.ts'
import { bindProfiler, burn, passOn, sleep } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const { profiler, instrument, printed } = bindProfiler()

const thrown: Record<string, () => unknown> = {
  error: () => new RangeError('out of stock'),
  http: () => new HTTPException(418, { message: 'I am a teapot' }),
  // What JavaScript allows, Hono passes on.
  text: () => 'only text',
}

function failing(onError?: ErrorHandler): Hono {
  const app = new Hono()
  app.use(profiler())
  app.use(passOn)
  app.get('/fail/sync/:what', (c) => {
    burn(2)
    throw thrown[c.req.param('what')]!()
  })
  app.get('/fail/async/:what', async (c) => {
    await sleep(2)
    throw thrown[c.req.param('what')]!()
  })
  if (onError) {
    app.onError(onError)
  }
  return app
}

async function metaOf(app: Hono, path: string): Promise<SessionMeta> {
  const response = await app.request(path, { headers: { 'x-profile': 'json' } })
  expect(response.status).toBe(200)
  return ((await response.json()) as { meta: SessionMeta }).meta
}

const silence = (): unknown => vi.spyOn(console, 'error').mockReturnValue(undefined)

describe('a handler that throws', () => {
  it.each(['sync', 'async'])('is profiled, with its error in the report: %s', async (kind) => {
    silence()
    const { request, duration } = await metaOf(failing(), `/fail/${kind}/error`)
    expect(request).toMatchObject({ error: 'RangeError: out of stock', status: 500 })
    expect(request?.route).toBe(`/fail/${kind}/:what`)
    expect(duration).toBeGreaterThan(1)
  })

  it('has the status of its HTTPException', async () => {
    const { request } = await metaOf(failing(), '/fail/async/http')
    expect(request).toMatchObject({ error: 'Error: I am a teapot', status: 418 })
  })

  it('is profiled when what it throws is no error', async () => {
    const { request } = await metaOf(failing(), '/fail/async/text')
    expect(request?.error).toBe('only text')
  })

  it('has the status that the error handler of the application gives', async () => {
    const app = failing((_error, c) => c.text('sold out', 409))
    expect((await metaOf(app, '/fail/sync/error')).request?.status).toBe(409)
  })

  it('is told in the page and in the text', async () => {
    silence()
    const page = await failing().request('/fail/sync/error?profile=1')
    expect(await page.text()).toContain('RangeError: out of stock')
    const text = await failing().request('/fail/sync/error?profile=text')
    expect(await text.text()).toContain('RangeError: out of stock')
  })
})

describe('a handler that throws, with term=1', () => {
  it('is answered as without the profiler', async () => {
    const app = failing((error, c) => c.text(`sorry: ${error.message}`, 503))
    for (const kind of ['sync', 'async']) {
      const plain = await app.request(`/fail/${kind}/error`)
      const response = await app.request(`/fail/${kind}/error?profile=1&term=1`)
      expect([response.status, await response.text()]).toEqual([plain.status, await plain.text()])
      expect(response.headers.get('server-timing')).toMatch(/^total/)
      expect(printed.pop()).toContain('RangeError: out of stock')
    }
  })

  it('is answered by its HTTPException', async () => {
    const response = await failing().request('/fail/sync/http?profile=1&term=1')
    expect([response.status, await response.text()]).toEqual([418, 'I am a teapot'])
  })

  it('passes on what is no error, as Hono does', async () => {
    const app = failing()
    await expect(app.request('/fail/sync/text')).rejects.toBe('only text')
    await expect(app.request('/fail/sync/text?profile=1&term=1')).rejects.toBe('only text')
  })
})

describe('an instrumented handler that throws', () => {
  const instrumented = (): Hono => {
    const app = new Hono()
    app.onError((error, c) => c.text(`sorry: ${error.message}`, 503))
    app.get(
      '/',
      instrument(() => {
        throw new RangeError('out of stock')
      })
    )
    return app
  }

  it('has its error in the report, and no status, since it made no response', async () => {
    const { request } = await metaOf(instrumented(), '/')
    expect(request?.error).toBe('RangeError: out of stock')
    expect(request?.status).toBeUndefined()
  })

  it('is answered by the error handler with term=1', async () => {
    const response = await instrumented().request('/?profile=1&term=1')
    expect([response.status, await response.text()]).toEqual([503, 'sorry: out of stock'])
    expect(printed.pop()).toContain('RangeError: out of stock')
  })
})

describe('a path without a handler', () => {
  it('is profiled with its status', async () => {
    const app = failing()
    expect((await metaOf(app, '/nowhere')).request).toMatchObject({ status: 404 })
    const response = await app.request('/nowhere?profile=1&term=1')
    expect([response.status, await response.text()]).toEqual([404, '404 Not Found'])
  })

  it('is profiled when the profiler is all there is', async () => {
    const app = new Hono()
    app.use(profiler())
    expect((await metaOf(app, '/nowhere')).request).toMatchObject({ status: 404 })
    expect((await app.request('/nowhere?profile=1&term=1')).status).toBe(404)
  })
})
