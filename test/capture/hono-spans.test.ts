import type { Context, MiddlewareHandler, Next } from 'hono'
import { Hono } from 'hono'
import { every } from 'hono/combine'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes, routePath } from 'hono/route'
import { LinearRouter } from 'hono/router/linear-router'
import { PatternRouter } from 'hono/router/pattern-router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { TrieRouter } from 'hono/router/trie-router'
import { describe, expect, it } from 'vitest'
import type { Recording } from '../../src/adapter.ts'
import { callTraced, traceNext } from '../../src/capture/hono-spans.ts'
import { SpanLog } from '../../src/capture/span-log.ts'
import type { SpanRecord } from '../../src/session/records.ts'

/** A recording of spans alone, on a clock that stands still but for `pass`. */
function spanRecording(): Recording & { pass(ms: number): void; spans(): SpanRecord[] } {
  let nowMs = 0
  const log = new SpanLog(() => nowMs * 1000)
  return {
    run: (request) => request(),
    span: (name, kind, work) => log.honoProfilerSpan(name, kind, work),
    stop: () => {
      throw new Error('these recordings have no capture')
    },
    pass(ms) {
      nowMs += ms
    },
    spans: () => log.records(0, nowMs * 1000),
  }
}

/** The spans as `kind name start-end`, indented by how deep they are. */
function outline(recording: { spans(): SpanRecord[] }): string[] {
  const spans = recording.spans()
  const depthOf = (span: SpanRecord): number =>
    span.parent < 0 ? 0 : 1 + depthOf(spans[span.parent]!)
  return spans.map((span) => {
    const { name, kind, startUs, endUs } = span
    return `${'  '.repeat(depthOf(span))}${kind} ${name} ${startUs / 1000}-${endUs / 1000}`
  })
}

/** Middleware that records everything that comes after it. */
function recordingMiddleware() {
  const recording = spanRecording()
  const recorder: MiddlewareHandler = (c, next) => traceNext(c, next, recording)()
  return { recording, recorder }
}

/** An application, with a recording around everything that comes after the first middleware. */
function tracedApp(app = new Hono()) {
  const { recording, recorder } = recordingMiddleware()
  app.use(recorder)
  const pass = (ms: number): void => {
    recording.pass(ms)
  }
  return { app, recording, pass }
}

/** Lets the event loop turn, so that what comes after is no longer called synchronously. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('middleware and handlers', () => {
  it('are spans, nested as they call each other, with their own time around that of next', async () => {
    const { app, recording, pass } = tracedApp()
    app.use(async function outer(_c, next) {
      pass(1)
      await turn()
      await next()
      pass(2)
    })
    app.use('/orders/*', async function inner(_c, next) {
      pass(4)
      await next()
      await turn()
      pass(8)
    })
    app.get('/orders/:id', function listOrders(c) {
      pass(16)
      return c.text(c.req.param('id'))
    })
    expect(await (await app.request('/orders/7')).text()).toBe('7')
    expect(outline(recording)).toEqual([
      'middleware outer 0-31',
      '  middleware inner 1-29',
      '    handler listOrders 5-21',
    ])
  })

  it('are named by their route when they have no name', async () => {
    const { app, recording } = tracedApp()
    app.use('/orders/*', (_c, next) => next())
    app.get('/orders/:id', (c) => c.text('own'))
    await app.request('/orders/7')
    expect(recording.spans().map(({ name }) => name)).toEqual([
      'ALL /orders/* middleware',
      'GET /orders/:id handler',
    ])
  })

  it('are each of several handlers of one route', async () => {
    const { app, recording } = tracedApp()
    const validate = createMiddleware(async function validate(_c, next) {
      await next()
    })
    app.post('/orders', validate, async function create(c) {
      await turn()
      return c.text('made', 201)
    })
    expect((await app.request('/orders', { method: 'POST' })).status).toBe(201)
    expect(outline(recording)).toEqual(['middleware validate 0-0', '  handler create 0-0'])
  })

  it('are those of sub-applications, with an error handler of their own or without', async () => {
    const { app, recording } = tracedApp()
    const plain = new Hono().get('/', function plainHandler(c) {
      return c.text(routePath(c))
    })
    const guarded = new Hono().get('/', function guardedHandler() {
      throw new Error('out of stock')
    })
    guarded.onError((error, c) => c.text(error.message, 409))
    app.route('/plain', plain).route('/guarded', guarded)
    expect(await (await app.request('/plain')).text()).toBe('/plain')
    const response = await app.request('/guarded')
    expect([response.status, await response.text()]).toEqual([409, 'out of stock'])
    expect(recording.spans().map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'handler plainHandler',
      'handler guardedHandler',
    ])
  })

  it('are mounted applications, as one', async () => {
    const { app, recording } = tracedApp()
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- applications use it
    app.mount('/old', (request: Request) => new Response(new URL(request.url).pathname))
    expect(await (await app.request('/old/page')).text()).toBe('/page')
    expect(recording.spans().map(({ name }) => name)).toEqual(['ALL /old/* middleware'])
  })

  it('are the instrumented handler itself and what follows it', async () => {
    const recording = spanRecording()
    const app = new Hono()
    const first = async function first(_c: Context, next: Next): Promise<void> {
      await next()
    }
    app.get(
      '/',
      (c, next) => callTraced(c, first, next, recording) as Promise<void>,
      function second(c) {
        return c.text('own')
      }
    )
    expect(await (await app.request('/')).text()).toBe('own')
    expect(outline(recording)).toEqual(['middleware first 0-0', '  handler second 0-0'])
  })
})

describe('the application', () => {
  it.each([new RegExpRouter(), new TrieRouter(), new LinearRouter(), new PatternRouter()])(
    'is served as without spans by $name, and its routes stay its own',
    async (router) => {
      const { app, recording } = tracedApp(new Hono({ router: router as never }))
      const handlers: unknown[] = []
      app.use('/orders/*', async function guard(c, next) {
        handlers.push(...matchedRoutes(c as Context).map(({ handler }) => handler))
        await next()
      })
      const show = (c: Context): Response => {
        handlers.push(...matchedRoutes(c).map(({ handler }) => handler))
        return c.text(`${c.req.param('id') ?? ''} ${routePath(c)}`)
      }
      app.get('/orders/:id', show)
      expect(await (await app.request('/orders/7')).text()).toBe('7 /orders/:id')
      expect(await (await app.request('/orders/8')).text()).toBe('8 /orders/:id')
      expect(recording.spans()).toHaveLength(4)
      const own = app.routes.map(({ handler }) => handler)
      expect(handlers.every((handler) => own.includes(handler as never))).toBe(true)
    }
  )

  it('has its errors where it expects them', async () => {
    const { app, recording, pass } = tracedApp()
    app.use(async function watch(c, next) {
      await next()
      pass(1)
      c.header('x-error', c.error?.message ?? 'none')
    })
    app.get('/', async function fail() {
      await turn()
      throw new Error('broken')
    })
    app.get('/now', function failNow() {
      throw new Error('broken now')
    })
    app.onError((error, c) => c.text(error.message, 500))
    const response = await app.request('/')
    expect([response.status, response.headers.get('x-error')]).toEqual([500, 'broken'])
    expect((await app.request('/now')).headers.get('x-error')).toBe('broken now')
    expect(recording.spans().map(({ name }) => name)).toEqual(['watch', 'fail', 'watch', 'failNow'])
  })

  it('may call next where there is nothing, twice, or not at all', async () => {
    const { app } = tracedApp()
    app.use('/none', (_c, next) => next())
    app.use('/twice', async (_c, next) => {
      await next()
      await next()
    })
    app.get('/twice', (c) => c.text('own'))
    app.use('/stop', (c, _next) => Promise.resolve(c.text('stopped', 403)))
    app.onError((error, c) => c.text(error.message, 500))
    expect((await app.request('/none')).status).toBe(404)
    expect(await (await app.request('/twice')).text()).toBe('next() called multiple times')
    expect((await app.request('/stop')).status).toBe(403)
  })

  it('keeps requests of one route apart, also those that a handler sends itself', async () => {
    const app = new Hono()
    const recordings = new Map<string, ReturnType<typeof spanRecording>>()
    app.use(async (c, next) => {
      const name = c.req.query('as')
      if (name === undefined) {
        return next()
      }
      const recording = spanRecording()
      recordings.set(name, recording)
      return traceNext(c, next, recording)()
    })
    app.use(async function turns(_c, next) {
      await turn()
      await next()
    })
    app.get('/', async function serve(c) {
      const inner = c.req.query('inner') ? await app.request('/') : undefined
      await turn()
      return c.text(`own ${inner?.status ?? ''}`)
    })
    const texts = await Promise.all(
      ['/?as=a', '/', '/?as=b&inner=1', '/?as=c', '/'].map(async (path) =>
        (await app.request(path)).text()
      )
    )
    expect(texts).toEqual(['own ', 'own ', 'own 200', 'own ', 'own '])
    for (const recording of recordings.values()) {
      expect(outline(recording)).toEqual(['middleware turns 0-0', '  handler serve 0-0'])
    }
    expect(recordings.size).toBe(3)
  })
})

describe('a handler that sends a request of its own', () => {
  it('at once and to its own route, has it recorded under its own name', async () => {
    const app = new Hono()
    const recordings: ReturnType<typeof spanRecording>[] = []
    app.use(function recorder(c, next) {
      const recording = spanRecording()
      recordings.push(recording)
      return traceNext(c, next, recording)()
    })
    app.get('/', async function serve(c) {
      const inner = c.req.query('inner') ? await app.request('/') : undefined
      return c.text(`own ${inner?.status ?? ''}`)
    })
    expect(await (await app.request('/?inner=1')).text()).toBe('own 200')
    expect(recordings.map(outline)).toEqual([['handler serve 0-0'], ['handler serve 0-0']])
  })

  it('between the recording and the dispatcher, has it left out of the recording', async () => {
    const { recording, recorder } = recordingMiddleware()
    const app = new Hono()
    const askItself: MiddlewareHandler = async (c, next) => {
      const inner = c.req.query('inner') ? app.request('/') : undefined
      await next()
      answers.push((await (await inner)?.text()) ?? 'none')
    }
    const answers: string[] = []
    const onlyOuter: MiddlewareHandler = (c, next) =>
      c.req.query('inner') ? recorder(c, next) : next()
    app.use(every(onlyOuter, askItself))
    app.get('/', function serve(c) {
      return c.text(c.req.query('inner') ? 'outer' : 'inner')
    })
    expect(await (await app.request('/?inner=1')).text()).toBe('outer')
    expect(answers).toEqual(['none', 'inner'])
    expect(outline(recording)).toEqual(['handler serve 0-0'])
  })
})

describe('a span of which nothing is known', () => {
  it('belongs to the innermost handler that is open', async () => {
    const { app, recording } = tracedApp()
    app.get('/', async function load(c) {
      await turn()
      recording.span('later', 'user', () => undefined)
      return c.text('own')
    })
    await app.request('/')
    expect(outline(recording)).toEqual(['handler load 0-0', '  user later 0-0'])
  })
})
