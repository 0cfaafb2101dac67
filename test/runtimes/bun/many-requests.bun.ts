import { Hono } from 'hono'
import assert from 'node:assert/strict'
import { Session as Inspector } from 'node:inspector'
import { test } from 'node:test'
import { bunAdapter } from '../../../runtimes/bun/adapter.ts'
import { profile, profiler } from '../../../runtimes/bun/index.ts'
import { checkSession } from '../../../src/session/check.ts'
import { walk } from '../../../src/session/frame.ts'
import type { Session } from '../../../src/session.ts'
import { burn } from '../../truth/burn.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const app = new Hono()
app.use(profiler())
app.get('/rows/:id', async function rows(c) {
  for (let i = 0; i < 5; i++) {
    await sleep(1)
    burn(0.2)
  }
  return c.text(c.req.param('id'))
})

const request = async (id: number): Promise<void> => {
  const response = await app.request(`/rows/${id}?profile=json`)
  assert.equal(response.status, 200)
  const { rootFrame } = (await response.json()) as { rootFrame: { time: number } }
  assert.ok(rootFrame.time > 5, `${rootFrame.time} ms`)
}

function heapAfter(): number {
  Bun.gc(true)
  return process.memoryUsage().heapUsed / 1e6
}

void test('1,000 requests one after another leave no memory behind', async () => {
  for (let id = 0; id < 200; id++) {
    await request(id)
  }
  const warmMb = heapAfter()
  for (let id = 200; id < 1000; id++) {
    await request(id)
  }
  const growthMb = heapAfter() - warmMb
  assert.ok(growthMb < 4, `the heap grew by ${growthMb} MB`)
  assert.equal(bunAdapter.current(), undefined)
})

void test('1,000 requests, 8 at a time, leave no memory behind', async () => {
  let next = 0
  const client = async (end: number): Promise<void> => {
    while (next < end) {
      await request(next++)
    }
  }
  const clients = (end: number): Promise<unknown> =>
    Promise.all(Array.from({ length: 8 }, () => client(end)))
  await clients(200)
  const warmMb = heapAfter()
  await clients(1000)
  const growthMb = heapAfter() - warmMb
  assert.ok(growthMb < 4, `the heap grew by ${growthMb} MB`)
})

void test('at least 99 % of the samples of overlapping requests are with their owner', async () => {
  const bursts = [burstA, burstB, burstC]
  const sessions = await Promise.all(
    bursts.map((burst) =>
      profile(async () => {
        for (let i = 0; i < 30; i++) {
          await sleep(2)
          burst()
        }
      })
    )
  )
  const times = sessions.map(({ session }) => {
    checkSession(session.data)
    return bursts.map(({ name }) => cpuTimeOf(session, name))
  })
  const all = times.flat().reduce((sum, ms) => sum + ms, 0)
  const own = times.reduce((sum, row, i) => sum + row[i]!, 0)
  assert.ok(own > 250, `${own} of 270 ms`)
  assert.ok(own >= 0.99 * all, `${own} of ${all} ms are with their owner`)
})

function burstA(): void {
  burn(3)
}

function burstB(): void {
  burn(3)
}

function burstC(): void {
  burn(3)
}

function cpuTimeOf(session: Session, name: string): number {
  const frames = [...walk(session.rootFrame())].filter((frame) => frame.function === name)
  return frames.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

void test('another profiler of JSC keeps its samples, and the request is recorded without', async () => {
  const other = new Inspector()
  other.connect()
  other.post('Profiler.enable')
  other.post('Profiler.start')
  try {
    const { value, session } = await profile(async () => {
      await sleep(5)
      burn(5)
      return 1
    })
    assert.equal(value, 1)
    assert.match(session.meta.notes.join(), /another profiler/)
    assert.ok(session.meta.totals.await > 3)
    other.post('Profiler.stop')
  } finally {
    other.disconnect()
  }
})

void test('another profiler that stops the sampler meanwhile leaves a note', async () => {
  const other = new Inspector()
  other.connect()
  other.post('Profiler.enable')
  const { session } = await profile(async () => {
    await sleep(5)
    other.post('Profiler.stop')
    burn(5)
  })
  other.disconnect()
  assert.match(session.meta.notes.join(), /stopped/)
})
