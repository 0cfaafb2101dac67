import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { functionTimes } from '../../src/analysis/functions.ts'
import { flat } from '../../src/analysis/query.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

describe('functionTimes', () => {
  it('gives self time by state, and total time with recursion once', () => {
    const data = buildSession(`
      f@src/a.ts:1;g@src/a.ts:5;f@src/a.ts:1 4
      f@src/a.ts:1;g@src/a.ts:5;[await] 3
      f@src/a.ts:1;[gc] 2
      f@src/a.ts:1;[blocked] 1
      [await] 9
    `)
    expect(functionTimes(data)).toEqual([
      {
        function: data.functions[0],
        index: 0,
        selfTime: 7,
        totalTime: 10,
        cpuTime: 6,
        awaitTime: 0,
        blockedTime: 1,
      },
      {
        function: data.functions[1],
        index: 1,
        selfTime: 3,
        totalTime: 7,
        cpuTime: 0,
        awaitTime: 3,
        blockedTime: 0,
      },
    ])
  })

  it('adds up to the duration with the time of the request itself', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const entries = functionTimes(data)
        const self = entries.reduce((sum, { selfTime }) => sum + selfTime, 0)
        const { stack, durationUs } = data.samples
        const own = durationUs.reduce((sum, us, i) => sum + (stack[i]! < 0 ? us : 0), 0) / 1000
        expect(self + own).toBeCloseTo(data.meta.duration, 6)
        for (const { selfTime, totalTime, cpuTime, awaitTime, blockedTime } of entries) {
          expect(cpuTime + awaitTime + blockedTime).toBeCloseTo(selfTime, 6)
          expect(totalTime).toBeGreaterThanOrEqual(selfTime - 1e-9)
          expect(totalTime).toBeLessThanOrEqual(data.meta.duration + 1e-9)
        }
      })
    )
  })

  it('agrees with flat', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        for (const by of ['self', 'total'] as const) {
          for (const entry of functionTimes(data)) {
            const { name, file, line } = entry.function
            const same = flat(data, { n: Infinity, by }).find(
              (other) => other.function === name && other.file === file && other.line === line
            )
            expect(same?.time ?? 0).toBeCloseTo(by === 'self' ? entry.selfTime : entry.totalTime, 6)
          }
        }
      })
    )
  })
})
