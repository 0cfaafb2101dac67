import type { EdgeRuntime } from 'edge-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { walk } from '../../src/session/frame.ts'
import { Session } from '../../src/session.ts'
import { checked } from '../helpers/bound-profiler.ts'
import { startEdgeApp } from '../helpers/edge-app.ts'

/** Within 3 ms or 5 %, and what the profiler did itself: the application measured that as well. */
function expectClose(ms: number, truthMs: number, { meta }: Session): void {
  expect(Math.abs(ms - truthMs), `${ms} ms for ${truthMs} ms`).toBeLessThan(
    Math.max(3, truthMs * 0.05) + meta.overhead.excluded
  )
}

let runtime: EdgeRuntime
let upstream: Server
let upstreamUrl: string

async function get<T>(path: string): Promise<T> {
  const response = await runtime.dispatchFetch(`http://shop.example${path}`)
  expect(response.status, path).toBe(200)
  return (await response.json()) as T
}

async function profiled(id: number, format = 'json'): Promise<Response> {
  const query = new URLSearchParams({ upstream: upstreamUrl, profile: format })
  return await runtime.dispatchFetch(`http://shop.example/orders/${id}?${query.toString()}`)
}

async function lastSession(): Promise<{ session: Session; truth: Record<string, number> }> {
  const { truth, session } = await get<{ truth: Record<string, number>; session: object }>('/last')
  return { truth, session: checked(Session.fromJSON(session)) }
}

describe.each([
  { name: 'a bundle', minify: false, hasStorage: false },
  { name: 'a minified bundle', minify: true, hasStorage: false },
  { name: 'a bundle with AsyncLocalStorage', minify: false, hasStorage: true },
])('$name on edge-runtime', ({ minify, hasStorage }) => {
  beforeAll(async () => {
    upstream = createServer((_request, response) => {
      setTimeout(() => response.end('[7]'), 50)
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    runtime = await startEdgeApp(minify, hasStorage)
  })

  afterAll(async () => {
    await new Promise((resolve) => upstream.close(resolve))
  })

  it('really runs there', async () => {
    expect(await get('/runtime')).toEqual({
      name: 'edge-runtime',
      hasStorage,
      hasProcess: false,
    })
  })

  it('knows its waits', async () => {
    // The first request pays for what the runtime and the engine load.
    await profiled(1)
    expect((await profiled(2)).status).toBe(200)
    const { session, truth } = await lastSession()
    const waits = (name: string): number[] =>
      session.data.waits
        .filter((wait) => wait.name === name)
        .map(({ startUs, endUs }) => (endUs - startUs) / 1000)
    const [first, short, long] = waits('setTimeout')
    expectClose(first!, truth.checkUser!, session)
    expectClose(long!, truth.both!, session)
    expect(short!).toBeLessThan(long!)
    expectClose(waits('fetch')[0]!, truth.fetch!, session)
    expectClose(
      session.meta.totals.await,
      truth.checkUser! + truth.fetch! + truth.json! + truth.both!,
      session
    )
    expect(session.meta.runtime).toBe('timing')
    expect(session.meta.runtimeVersion).toBe('edge-runtime')
  })

  it('has the times of its middleware and handler', async () => {
    await profiled(3)
    const { session, truth } = await lastSession()
    const frames = [...walk(session.rootFrame())].filter(({ isSynthetic }) => !isSynthetic)
    const [middleware, handler, both] = session.data.spans
    const ms = ({ startUs, endUs }: { startUs: number; endUs: number }): number =>
      (endUs - startUs) / 1000
    expect([middleware!.kind, handler!.kind, both!.name]).toEqual(['middleware', 'handler', 'both'])
    expect(session.data.spans.map(({ parent }) => parent)).toEqual([-1, 0, 1])
    expectClose(ms(handler!), truth.handler!, session)
    expectClose(ms(middleware!), truth.middleware!, session)
    const frameOf = (name: string) => frames.find((frame) => frame.function === name)!
    // What a call does before it waits is cpu here, and a part of the wait to the application.
    const waits = truth.fetch! + truth.json! + truth.both!
    expect(frameOf(handler!.name).awaitTime).toBeLessThan(waits + 1)
    expect(frameOf(handler!.name).cpuTime).toBeGreaterThan(19)
    expect(frameOf(middleware!.name).cpuTime).toBeGreaterThan(29)
    if (!minify) {
      expect([middleware!.name, handler!.name]).toEqual(['checkUser', 'listOrders'])
      const fetchFrame = frameOf('fetch')
      const path: string[] = []
      for (let at = fetchFrame.parent; at; at = at.parent) {
        path.unshift(at.function)
      }
      expect(path.slice(1)).toEqual(
        expect.arrayContaining(['checkUser', 'listOrders', 'loadOrders'])
      )
    }
  })

  it('keeps requests at the same time apart, and leaves nothing patched', async () => {
    const responses = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (id) => {
        const response = await profiled(id)
        return (await response.json()) as { meta: { totals: { await: number } } }
      })
    )
    for (const { meta } of responses) {
      expect(meta.totals.await).toBeGreaterThan(0)
    }
    expect(await get('/functions')).toEqual([true, true, true, true])
  })

  it('loads no files, and says what to do', async () => {
    expect(await get<{ message: string }>('/load')).toEqual({
      message: expect.stringContaining('give loadSession their JSON or bytes') as string,
    })
  })

  it('answers in every format', async () => {
    for (const format of ['html', 'text', 'markdown', 'json']) {
      const response = await profiled(9, format)
      expect(response.status, format).toBe(200)
      expect((await response.arrayBuffer()).byteLength, format).toBeGreaterThan(100)
    }
  })
})
