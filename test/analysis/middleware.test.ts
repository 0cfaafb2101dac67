import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { middlewareTimes } from '../../src/analysis/middleware.ts'
import type { SpanRecord } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const samples = 'auth;[await] 10\nauth 5\nhandler 20\nhandler;[blocked] 4\nauth 1'

const chain = () =>
  buildSession(samples, {
    spans: [
      { name: 'auth', kind: 'middleware', start: 0, end: 40 },
      { name: 'GET /', kind: 'handler', start: 15, end: 39, parent: 0 },
      { name: 'load', kind: 'user', start: 20, end: 30, parent: 1 },
    ],
  })

describe('middlewareTimes', () => {
  it('gives each stretch to the innermost of the chain, and leaves spans of the user out', () => {
    expect(middlewareTimes(chain())).toEqual([
      {
        name: 'auth',
        kind: 'middleware',
        depth: 0,
        time: 40,
        ownTime: 16,
        cpuTime: 6,
        awaitTime: 10,
        blockedTime: 0,
        count: 1,
      },
      {
        name: 'GET /',
        kind: 'handler',
        depth: 1,
        time: 24,
        ownTime: 24,
        cpuTime: 20,
        awaitTime: 0,
        blockedTime: 4,
        count: 1,
      },
    ])
  })

  it('adds up what many requests spent at one place of the chain', () => {
    const combined = Session.combine([new Session(chain()), new Session(chain())])
    expect(combined.middleware()).toMatchObject([
      { name: 'auth', time: 80, ownTime: 32, count: 2 },
      { name: 'GET /', time: 48, ownTime: 48, count: 2 },
    ])
  })

  it('divides a request among whatever spans it has', () => {
    const span = fc.record({
      name: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom<SpanRecord['kind']>('middleware', 'handler', 'user'),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
      parent: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(arbitrarySession, fc.array(span, { maxLength: 6 }), (data, parts) => {
        const wholeUs = Math.round(data.meta.duration * 1000)
        const spans = parts.map(({ name, kind, from, to, parent }, i): SpanRecord => {
          const [startUs, endUs] = [from, to]
            .map((part) => Math.floor(part * wholeUs))
            .sort((a, b) => a - b) as [number, number]
          return { name, kind, startUs, endUs, parent: Math.floor(parent * (i + 1)) - 1 }
        })
        const entries = middlewareTimes({ ...data, spans })
        const own = entries.reduce((sum, { ownTime }) => sum + ownTime, 0)
        expect(own).toBeLessThanOrEqual(data.meta.duration + 1e-6)
        for (const { ownTime, cpuTime, awaitTime, blockedTime, time } of entries) {
          expect(cpuTime + awaitTime + blockedTime).toBeCloseTo(ownTime, 6)
          expect(ownTime).toBeLessThanOrEqual(time + 1e-6)
        }
      })
    )
  })
})
