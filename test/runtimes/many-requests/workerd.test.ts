import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectFlat, growthIn } from '../../many-requests.ts'
import type { JsonProfile } from '../../truth/measure.ts'
import { memoryOfWorkerd } from '../workerd/memory.ts'
import { modes } from '../workerd/modes.ts'
import type { Worker } from '../workerd/start-worker.ts'
import { startWorker } from '../workerd/start-worker.ts'

/** At the port, recordings take turns. */
const TIMEOUT = 600_000

/** Megabytes beyond what workerd itself grows by: a recording that was kept would be 100 kB and more, 700 times. */
const FLAT = 40

/** On a busy machine, a turn at the port may come too late. */
const SAMPLED = /^$|others have had the inspector's port/

const [fromInside] = modes
const CASES = [
  { atOnce: 1, ways: [fromInside!] },
  { atOnce: 8, ways: modes },
]

describe.each(CASES)('1,000 requests to workerd, $atOnce at a time', ({ atOnce, ways }) => {
  /** By how much a worker without this package grows. */
  let usual = 0

  beforeAll(async () => {
    const control = await startWorker('control.worker.ts', { compatibilityFlags: [] })
    const request = async (): Promise<void> => {
      await (await fetch(control.url)).arrayBuffer()
    }
    usual = (await growthIn(atOnce, request, memoryOfWorkerd)).rss
    await control.stop()
  }, TIMEOUT)

  describe.each(ways)('$mode', ({ options, isSampled }) => {
    let worker: Worker

    beforeAll(async () => {
      worker = await startWorker('app.worker.ts', {
        kvNamespaces: ['KV'],
        r2Buckets: ['R2'],
        ...(await options()),
      })
    })

    afterAll(() => worker.stop())

    it('leave nothing behind', { timeout: TIMEOUT }, async () => {
      const record = async (id: number): Promise<void> => {
        const response = await fetch(`${worker.url}/rows/${id}?profile=json`)
        expect(response.headers.get('x-profile-error')).toBeNull()
        const { meta, rootFrame } = (await response.json()) as JsonProfile
        expect(meta.duration).toBeGreaterThanOrEqual(4)
        expect(rootFrame.time).toBe(meta.duration)
        expect(meta.notes.join()).toMatch(isSampled ? SAMPLED : /no inspector/)
      }
      const flat = { heap: FLAT, rss: Math.max(usual, 0) + FLAT }
      await expectFlat(atOnce, record, memoryOfWorkerd, flat)
      expect(await (await fetch(`${worker.url}/replaced`)).json()).toEqual([])
    })
  })
})
