import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execFileSync } from 'node:child_process'
import type { JsonProfile } from '../../truth/measure.ts'
import { inParallel } from './in-parallel.ts'
import { modes } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { startWorker } from './start-worker.ts'

const WARM_UP = 300
const REQUESTS = 1000

/**
 * Megabytes by which the process may grow in 700 recordings. A worker of one line, without this package, grows by up to
 * 20 kB for each request until it levels off near 150 MB; a recording that was kept would be 100 kB and more.
 */
const FLAT = 40

/** Megabytes that the Miniflare of this process has in use. */
function memoryOfWorkerd(): number {
  const processes = execFileSync('ps', ['-axo', 'ppid=,rss=,comm='], { encoding: 'utf8' })
  const kilobytes = processes
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, , command]) => Number(parent) === process.pid && command?.includes('workerd'))
    .map(([, rss]) => Number(rss))
  expect(kilobytes, 'processes of workerd').toHaveLength(1)
  return kilobytes[0]! / 1024
}

describe.each(modes)('many requests on workerd $mode', ({ options, isSampled }) => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('app.worker.ts', {
      kvNamespaces: ['KV'],
      r2Buckets: ['R2'],
      ...(await options()),
    })
  })

  afterAll(() => worker.stop())

  it.each([1, 8])('leave nothing behind, %i at a time', { timeout: 300_000 }, async (width) => {
    const record = (ids: readonly number[]): Promise<void[]> =>
      inParallel(width, ids, async (id) => {
        const response = await fetch(`${worker.url}/rows/${id}?profile=json`)
        expect(response.headers.get('x-profile-error')).toBeNull()
        const { meta, rootFrame } = (await response.json()) as JsonProfile
        expect(meta.duration).toBeGreaterThanOrEqual(4)
        expect(rootFrame.time).toBe(meta.duration)
        expect(meta.notes.join()).toMatch(isSampled ? /^$/ : /no inspector/)
      })
    const ids = Array.from({ length: REQUESTS }, (_, id) => id)
    await record(ids.slice(0, WARM_UP))
    const before = memoryOfWorkerd()
    await record(ids.slice(WARM_UP))
    const growth = memoryOfWorkerd() - before
    expect(growth, 'MB by which workerd has grown').toBeLessThan(FLAT)
    expect(await (await fetch(`${worker.url}/replaced`)).json()).toEqual([])
  })
})
