import { Hono } from 'hono'
import { streamText } from 'hono/streaming'
import { expect, it } from 'vitest'
import { bindProfiler, sleep, watchedStore } from '../helpers/bound-profiler.ts'
import { running } from '../helpers/nothing-running.ts'

const nothing = { hooks: 0, samplers: 0 }

/** A body of 64 kB parts that comes as fast as it is read, for ever. */
function endless() {
  const seen = { pulls: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      seen.pulls++
      controller.enqueue(new Uint8Array(65_536))
    },
    cancel() {
      seen.cancelled = true
    },
  })
  return { body, seen }
}

it('ends a body that never ends, and says so', async () => {
  const store = watchedStore()
  const { body, seen } = endless()
  const app = new Hono().use(bindProfiler().profiler({ store, maxDuration: 50 }))
  app.get('/', () => new Response(body))
  const report = await (await app.request('/?profile=text')).text()
  expect(report).toContain('the body had not ended after 50 ms (maxDuration)')
  expect(seen.cancelled).toBe(true)
  const pulls = seen.pulls
  await sleep(5)
  expect(seen.pulls).toBe(pulls)
})

it('reads no more of a body than the client does with term=1', async () => {
  const { body, seen } = endless()
  const app = new Hono().use(bindProfiler().profiler({ maxDuration: 50 }))
  app.get('/', () => new Response(body))
  const response = await app.request('/?profile=1&term=1')
  const reader = response.body!.getReader()
  await reader.read()
  expect(seen.pulls).toBeLessThan(10)
  await reader.cancel()
  expect(seen.cancelled).toBe(true)
  await expect.poll(running).toEqual(nothing)
})

it.each(['?profile=1', '?profile=1&term=1'])(
  'finds the line that waits while a body streams: %s',
  async (query) => {
    const store = watchedStore()
    const app = new Hono().use(bindProfiler().profiler({ store }))
    app.get('/', (c) =>
      streamText(c, async function writeOrders(out) {
        for (let i = 0; i < 3; i++) {
          await out.writeln('order')
          await sleep(30)
        }
      })
    )
    await (await app.request(`/${query}`)).text()
    await expect.poll(() => store.list()).toHaveLength(1)
    const waiting = (await store.last()).callees('writeOrders', { n: Infinity })
    const ms = waiting.reduce((sum, { time }) => sum + time, 0)
    // Three timers of 30 ms. Each may be early, and the last may ring before the body is looked at again.
    expect(ms).toBeGreaterThan(75)
    await expect.poll(running).toEqual(nothing)
  }
)

it('passes on the error of a body that fails', async () => {
  const app = new Hono().use(bindProfiler().profiler())
  app.get('/', () => {
    const body = new ReadableStream({
      async pull(controller) {
        await sleep(2)
        controller.error(new Error('out of paper'))
      },
    })
    return new Response(body)
  })
  const response = await app.request('/?profile=1&term=1')
  await expect(response.text()).rejects.toThrow('out of paper')
  expect(await (await app.request('/?profile=text')).text()).toContain('GET /')
  await expect.poll(running).toEqual(nothing)
})

it('records an answer to HEAD until it is there: nobody reads its body', async () => {
  const store = watchedStore()
  const app = new Hono().use(bindProfiler().profiler({ store, maxDuration: 60_000 }))
  app.get('/', () => new Response(endless().body))
  const response = await app.request('/?profile=1&term=1', { method: 'HEAD' })
  expect(response.headers.get('x-profile-id')).toBe((await store.list()).at(-1))
  expect(running()).toEqual(nothing)
})
