import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import { bindProfiler, sleep } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'
import { burn } from '../truth/burn.ts'

afterEach(expectNothingRunning)

const { profiler } = bindProfiler()

/** What the other request does before the recorded one can go on. */
const OTHERS_MS = 40

async function compute(): Promise<string> {
  await sleep(20)
  burn(OTHERS_MS)
  return 'own'
}

/** The first request computes, the others await its promise. */
function singleFlight(): () => Promise<string> {
  let flight: Promise<string> | undefined
  return () => (flight ??= compute())
}

/** The first request asks for all, and hands the others what they wait for. */
function batching(): () => Promise<string> {
  const waiting: ((value: string) => void)[] = []
  return async () => {
    if (waiting.length > 0) {
      return new Promise((resolve) => waiting.push(resolve))
    }
    waiting.push(() => undefined)
    const value = await compute()
    for (const resolve of waiting) {
      resolve(value)
    }
    return value
  }
}

/** The first request has the work done by a timer, which hands the result on in a callback of the same turn. */
function ticking(): () => Promise<string> {
  let flight: Promise<string> | undefined
  return () =>
    (flight ??= new Promise((resolve) => {
      setTimeout(() => {
        burn(OTHERS_MS)
        process.nextTick(resolve, 'own')
      }, 20)
    }))
}

/** Totals of a request that is recorded while another one, recorded or not, does the work for both. */
async function totalsBeside(load: () => Promise<string>, isOtherRecorded = false) {
  const app = new Hono()
  app.use(profiler())
  app.get('/', async (c) => c.text(await load()))
  // The sampler starts with garbage collection, so that the first recording comes late.
  app.get('/warm', (c) => c.text(''))
  await app.request('/warm?profile=json')
  const other = app.request(isOtherRecorded ? '/?profile=json' : '/')
  const response = await app.request('/?profile=json')
  await other
  const { meta } = (await response.json()) as Pick<SessionData, 'meta'>
  return meta.totals
}

describe('the work of another request', () => {
  describe.each([
    ['a promise that requests share', singleFlight],
    ['a batch of several requests', batching],
    ['a promise in the next tick', ticking],
  ])('is waited for where it settles %s, and blocks nobody', (_name, make) => {
    it.each([false, true])('whether it is recorded too: %s', async (isOtherRecorded) => {
      const totals = await totalsBeside(make(), isOtherRecorded)
      expect(totals.await).toBeGreaterThan(OTHERS_MS)
      expect(totals.blocked).toBeLessThan(OTHERS_MS / 4)
    })
  })

  it('blocks when it only stands in the way', async () => {
    const totals = await totalsBeside(async () => {
      setTimeout(() => {
        burn(OTHERS_MS)
      }, 10)
      await sleep(20)
      return 'own'
    })
    expect(totals.blocked).toBeGreaterThan(OTHERS_MS / 2)
  })
})
