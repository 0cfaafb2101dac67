/** What holds of every kind of response on a runtime's own server. It knows no test framework. */
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { setCookie } from 'hono/cookie'
import { stream, streamSSE } from 'hono/streaming'
import type { UpgradeWebSocket } from 'hono/ws'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Session } from '../src/session.ts'
import { memoryStore } from '../src/store/store.ts'
import type { Subject } from './contract.ts'
import { changedProperties, latest } from './contract.ts'

/** The server of a runtime. */
export interface Server {
  /** Its address without a path. */
  origin: string
  stop(): Promise<void>
}

/** What differs between the servers of runtimes. */
export interface ServerSubject extends Subject {
  serve: (app: Hono) => Promise<Server>
  upgradeWebSocket: UpgradeWebSocket
}

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']
const PATHS = [
  '/text',
  '/long',
  '/zip/text',
  '/empty',
  '/unchanged',
  '/moved',
  '/later',
  '/events',
  '/none',
]
const UPLOAD_BYTES = 2 * 2 ** 20

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function withRoutes(upgradeWebSocket: UpgradeWebSocket, ...middleware: MiddlewareHandler[]): Hono {
  const app = new Hono()
  for (const each of middleware) {
    app.use(each)
  }
  app.use('/zip/*', compress({ threshold: 0 }))
  app.all('/text', (c) => c.text('own', 200, { 'x-own': '1' }))
  app.all('/long', () => new Response('own '.repeat(1_000_000)))
  app.all('/zip/text', (c) => c.text('own '.repeat(1000)))
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
  app.all('/events', (c) =>
    streamSSE(c, async (out) => {
      for (let i = 0; i < 3; i++) {
        await out.writeSSE({ data: `event ${i}` })
        await sleep(2)
      }
    })
  )
  app.post('/upload', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)))
  app.get(
    '/socket',
    upgradeWebSocket(() => ({
      onMessage(event, socket) {
        socket.send(`echo ${event.data as string}`)
      },
    }))
  )
  return app
}

/** Defines the tests of what a server answers while it is profiled. */
export function defineServedResponses(subject: ServerSubject): void {
  const { test, runtime, isIntended, entry, patched, serve, upgradeWebSocket } = subject
  const store = memoryStore()
  const app = withRoutes(upgradeWebSocket, entry.profiler({ store }))
  const plain = withRoutes(upgradeWebSocket)

  /** Serves while `work` runs, and expects that nothing is left of what the profiler changed. */
  async function served(of: Hono, work: (origin: string) => Promise<void>): Promise<void> {
    assert.ok(isIntended(), `these tests must run on ${runtime}`)
    const before = patched.map(Object.getOwnPropertyDescriptors)
    const server = await serve(of)
    try {
      await work(server.origin)
    } finally {
      await server.stop()
    }
    const after = patched.map(Object.getOwnPropertyDescriptors)
    assert.deepEqual(
      before.flatMap((each, i) => changedProperties(each, after[i]!)),
      []
    )
  }

  /** Asks, and gives the answer with the session that is kept of it. */
  async function recorded(
    ask: () => Promise<Response>
  ): Promise<{ response: Response; session: Session }> {
    const seen = (await store.list()).at(-1)
    const response = await ask()
    const answer = new Response(await response.text().catch(() => null), {
      headers: response.headers,
    })
    return { response: answer, session: await latest(store, seen) }
  }

  for (const path of PATHS) {
    test(`${path} is answered as without the profiler, and its report has its status`, async () => {
      const own: unknown[] = []
      await served(plain, async (origin) => {
        for (const method of METHODS) {
          own.push(await answerOf(await fetch(origin + path, { method, redirect: 'manual' })))
        }
      })
      await served(app, async (origin) => {
        for (const [i, method] of METHODS.entries()) {
          const init: RequestInit = { method, redirect: 'manual' }
          const response = await fetch(`${origin}${path}?profile=1&term=1`, init)
          assert.deepEqual(await answerOf(response), own[i], method)
          const report = await recorded(() => fetch(`${origin}${path}?profile=text`, init))
          const { status } = own[i] as { status: number }
          assert.equal(report.session.meta.request?.status, status, method)
          assert.equal(report.session.meta.request.method, method)
          assert.equal(report.response.headers.getSetCookie().length, path === '/moved' ? 1 : 0)
        }
      })
    })
  }

  test('uploads arrive whole', () =>
    served(app, async (origin) => {
      for (const query of ['', '?profile=1&term=1']) {
        const body = new Uint8Array(UPLOAD_BYTES)
        const response = await fetch(`${origin}/upload${query}`, { method: 'POST', body })
        assert.equal(await response.text(), String(UPLOAD_BYTES))
      }
    }))

  test('a client that goes away ends the stream, and the recording', async () => {
    const aborting = withRoutes(upgradeWebSocket, entry.profiler({ store }))
    let toldOf = (): void => undefined
    const aborted = new Promise<void>((resolve) => {
      toldOf = resolve
    })
    aborting.get('/endless', (c) =>
      stream(c, async (out) => {
        out.onAbort(toldOf)
        while (!out.aborted) {
          await out.write('part ')
          await sleep(2)
        }
      })
    )
    await served(aborting, async (origin) => {
      const seen = (await store.list()).at(-1)
      const client = new AbortController()
      const { signal } = client
      const { body } = await fetch(`${origin}/endless?profile=1&term=1`, { signal })
      await body!.getReader().read()
      client.abort()
      await aborted
      const { request } = (await latest(store, seen)).meta
      assert.ok(request?.path.startsWith('/endless'), request?.path)
    })
  })

  for (const query of ['', '?profile=1', '?profile=1&term=1']) {
    test(`a WebSocket is opened and talks: '${query}'`, () =>
      served(app, async (origin) => {
        const seen = (await store.list()).at(-1)
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket${query}`)
        await once(socket, 'open')
        const message = once(socket, 'message')
        socket.send('order')
        const [{ data }] = (await message) as [{ data: unknown }]
        assert.equal(data, 'echo order')
        const closed = once(socket, 'close')
        socket.close()
        await closed
        if (query !== '') {
          const { request } = (await latest(store, seen)).meta
          assert.ok(request?.path.startsWith('/socket'), request?.path)
        }
        // The server goes on.
        assert.equal(await (await fetch(`${origin}/text`)).text(), 'own')
      }))
  }
}

/** An answer, without what a recording adds and what differs between two answers that are alike. */
async function answerOf(response: Response): Promise<object> {
  const headers = new Headers(response.headers)
  for (const name of ['server-timing', 'x-profile-id', 'date']) {
    headers.delete(name)
  }
  const text = await response.text()
  return { status: response.status, headers: [...headers], text }
}
