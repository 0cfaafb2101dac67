import { afterEach, describe, expect, it } from 'vitest'
import { setImmediate as immediate } from 'node:timers/promises'
import { nodeAdapter } from '../../runtimes/node/adapter.ts'
import type { Capture } from '../../src/adapter.ts'
import { bindProfiler, burn, sleep } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const { profile } = bindProfiler()

async function capture(request: () => Promise<unknown>): Promise<Capture> {
  const recording = await nodeAdapter.start({ intervalUs: 1000 })
  await recording.run(request)
  return await recording.stop()
}

function expectInOrder({ startUs, endUs }: Pick<Capture['segments'], 'startUs' | 'endUs'>): void {
  for (let i = 0; i < startUs.length; i++) {
    expect(endUs[i]).toBeGreaterThanOrEqual(startUs[i]!)
    expect(startUs[i]).toBeGreaterThanOrEqual(endUs[i - 1] ?? 0)
  }
}

describe.each<[string, () => Promise<unknown>]>([
  ['awaits', () => sleep(1).then(() => sleep(1))],
  ['parallel branches', () => Promise.all([sleep(1), sleep(2), immediate()])],
  [
    'a recording inside',
    async () => {
      await profile(async () => {
        await sleep(1)
        burn(1)
      })
      burn(1)
      await sleep(1)
    },
  ],
  [
    'a failure that is caught',
    () =>
      sleep(1)
        .then(() => Promise.reject(new Error('no')))
        .catch(() => 1),
  ],
])('a capture with %s', (_what, request) => {
  it('has segments and pauses in order of time, none inside of another', async () => {
    const { segments, pauses } = await capture(request)
    expectInOrder(segments)
    expectInOrder(pauses)
  })

  it('has operations that were created before the runs that they start', async () => {
    const { operations, segments } = await capture(request)
    for (let i = 0; i < operations.count; i++) {
      const creator = segments.operationOf(operations.createdIn(i))
      expect(creator).toBeLessThan(Math.max(i, 0))
      expect(operations.awaits(i)).toBeLessThan(operations.count)
    }
    expect(operations.kind(0)).toBe('root')
    expect(segments.operationOf(0)).toBe(0)
  })
})

describe("the application's own settings of Error", () => {
  it('are what they were, and reach its own errors', async () => {
    const before = Object.getOwnPropertyDescriptors(Error)
    Error.stackTraceLimit = 3
    Error.prepareStackTrace = (error, sites) => `${String(error)} in ${sites.length}`
    let stack: string | undefined
    let limit = 0
    try {
      await capture(async () => {
        await sleep(1)
        stack = new Error('own').stack
        limit = Error.stackTraceLimit
      })
      expect(Error.stackTraceLimit).toBe(3)
    } finally {
      Reflect.deleteProperty(Error, 'prepareStackTrace')
      Object.defineProperties(Error, before)
    }
    expect(limit).toBe(3)
    expect(stack).toMatch(/^Error: own in [123]$/)
  })
})

function heldMs({ run, startUs, endUs }: Capture['segments']): number {
  return run.reduce((sum, _, i) => sum + endUs[i]! - startUs[i]!, 0) / 1000
}

describe('what the recorder sees', () => {
  it('is every stretch in which the request held the processor', async () => {
    const { segments, startUs, endUs } = await capture(async () => {
      burn(5)
      await sleep(10)
      burn(5)
    })
    expect(heldMs(segments)).toBeGreaterThan(9.9)
    // Timers may be up to a millisecond early.
    expect(heldMs(segments)).toBeLessThan((endUs - startUs) / 1000 - 9)
  })

  it('is nothing of what runs beside the request', async () => {
    const other = new AbortController()
    const beside = (async () => {
      while (!other.signal.aborted) {
        await immediate()
        burn(1)
      }
    })()
    const { segments, operations, startUs, endUs } = await capture(() => sleep(20))
    other.abort()
    await beside
    const names = Array.from({ length: operations.count }, (_, i) => operations.name(i))
    expect(names).not.toContain('Immediate')
    expect(heldMs(segments)).toBeLessThan((endUs - startUs) / 2000)
  })
})
