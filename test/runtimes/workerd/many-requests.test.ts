import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Growth } from '../../many-requests.ts'
import { expectFlat, growthIn } from '../../many-requests.ts'
import type { JsonProfile } from '../../truth/measure.ts'
import { memoryOfWorkerd } from './memory.ts'
import { modes } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { startWorker } from './start-worker.ts'

const TIMEOUT = 300_000

/** By how much a worker without this package grows, by the number of requests at a time. */
const usual = new Map<number, Growth>()

describe.each([1, 8])('1,000 requests to workerd, %i at a time', (atOnce) => {
  beforeAll(async () => {
    const control = await startWorker('control.worker.ts', { compatibilityFlags: [] })
    const request = async (): Promise<void> => {
      await (await fetch(control.url)).arrayBuffer()
    }
    usual.set(atOnce, await growthIn(atOnce, request, memoryOfWorkerd))
    await control.stop()
  }, TIMEOUT)

  describe.each(modes)('$mode', ({ options, isSampled }) => {
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
        expect(meta.notes.join()).toMatch(isSampled ? /^$/ : /no inspector/)
      }
      await expectFlat(atOnce, record, memoryOfWorkerd, usual.get(atOnce))
      expect(await (await fetch(`${worker.url}/replaced`)).json()).toEqual([])
    })
  })
})
