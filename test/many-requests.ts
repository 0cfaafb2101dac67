/** What holds on every runtime after many requests, and of several at once. It knows no test framework. */
import { Hono } from 'hono'
import assert from 'node:assert/strict'
import { checkSession } from '../src/session/check.ts'
import { walk } from '../src/session/frame.ts'
import type { Session } from '../src/session.ts'
import type { Subject } from './contract.ts'
import { changedProperties } from './contract.ts'
import { burn } from './truth/burn.ts'

const REQUESTS = 1000
const WARM_UP = 300
const AT_ONCE = 8

/** Megabytes by which memory may grow. */
export interface Growth {
  heap: number
  rss: number
}

/** Megabytes in use, after garbage was collected. */
export type ReadMemory = () => Growth | Promise<Growth>

/**
 * What grows by less is no leak: a heap that keeps 6 kB of each of 700 requests. The process keeps pages that the heap
 * has given back, so that it may grow by some of the garbage of the busiest moment.
 */
const FLAT: Growth = { heap: 4, rss: 80 }

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Makes 1,000 requests and expects memory to stay flat after warm-up.
 *
 * @param request Makes a profiled request and checks its answer.
 * @param flat What it may grow by.
 */
export async function expectFlat(
  atOnce: number,
  request: (id: number) => Promise<void>,
  readMemory: ReadMemory,
  flat: Growth = FLAT
): Promise<void> {
  const growth = await growthIn(atOnce, request, readMemory)
  for (const kind of ['heap', 'rss'] as const) {
    assert.ok(growth[kind] < flat[kind], `${kind} grew by ${growth[kind].toFixed(1)} MB`)
  }
}

/**
 * By how much memory grows in 1,000 requests after warm-up: twice as much as in that half in which it grows less. What
 * is kept of each request grows in both; caches that fill, and code that is compiled, in the first.
 */
export async function growthIn(
  atOnce: number,
  request: (id: number) => Promise<void>,
  readMemory: ReadMemory
): Promise<Growth> {
  let next = 0
  const client = async (end: number): Promise<void> => {
    while (next < end) {
      await request(next++)
    }
  }
  const after = async (end: number): Promise<Growth> => {
    await Promise.all(Array.from({ length: atOnce }, () => client(end)))
    return readMemory()
  }
  const first = await after(WARM_UP)
  const middle = await after((WARM_UP + REQUESTS) / 2)
  const last = await after(REQUESTS)
  const lesserTwice = (kind: keyof Growth): number =>
    2 * Math.min(middle[kind] - first[kind], last[kind] - middle[kind])
  return { heap: lesserTwice('heap'), rss: lesserTwice('rss') }
}

/** Defines the tests of many requests: no crash, no memory kept, nothing left installed. */
export function defineManyRequests(
  { test, runtime, isIntended, entry, patched }: Subject,
  readMemory: ReadMemory
): void {
  const app = new Hono()
  app.use(entry.profiler())
  app.get('/rows/:id', async function rows(c) {
    for (let i = 0; i < 5; i++) {
      // Timers may fire up to a millisecond early.
      await sleep(2)
      burn(0.2)
    }
    return c.text(c.req.param('id'))
  })
  const request = async (id: number): Promise<void> => {
    const response = await app.request(`/rows/${id}?profile=json`)
    assert.equal(response.status, 200)
    const { meta } = (await response.json()) as { meta: Session['meta'] }
    assert.equal(meta.runtime, runtime)
    // Each of the five timers may come up to a millisecond early.
    assert.ok(meta.duration > 1, `${meta.duration} ms`)
  }
  for (const atOnce of [1, AT_ONCE]) {
    test(`${REQUESTS} requests, ${atOnce} at a time, leave nothing behind`, async () => {
      assert.ok(isIntended(), `these tests must run on ${runtime}`)
      const before = patched.map(Object.getOwnPropertyDescriptors)
      await expectFlat(atOnce, request, readMemory)
      const after = patched.map(Object.getOwnPropertyDescriptors)
      const changed = before.flatMap((each, i) => changedProperties(each, after[i]!))
      assert.deepEqual(changed, [])
    })
  }
}

/** Defines the test that what overlapping requests compute is with its owner. */
export function defineOwners({ test, entry: { profile } }: Subject): void {
  test('at least 99 % of the samples of overlapping requests are with their owner', async () => {
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
}

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
