import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSession } from '../../src/session/check.ts'
import { condense } from '../../src/session/packed/condense.ts'
import { packToFit } from '../../src/session/packed/fit.ts'
import type { Packed } from '../../src/session/packed/pack.ts'
import { unpack } from '../../src/session/packed/pack.ts'
import type { SessionData } from '../../src/session/records.ts'
import { forEachSample } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

/** Microseconds by stack and state. */
function sumsOf(data: SessionData): Map<string, number> {
  const sums = new Map<string, number>()
  forEachSample(data, (stack, _startUs, us, state) => {
    if (us > 0) {
      sums.set(`${stack} ${state}`, (sums.get(`${stack} ${state}`) ?? 0) + us)
    }
  })
  return sums
}

const read = (text: string): SessionData => unpack(JSON.parse(text) as Packed) as SessionData

/** Two calls in turn, each for a millisecond and a part that does not repeat. */
const alternating = buildSession(
  Array.from(
    { length: 3000 },
    (_, i) => `handler;${i % 2 === 0 ? 'a' : 'b'} 1.${((i * i * 7919) % 983) + 1000}`
  ).join('\n')
)

describe('condense', () => {
  it('gives a session with the same sums', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.integer({ min: 1, max: 10_000_000 }), (data, us) => {
        const condensed = condense(data, us)
        checkSession(condensed)
        expect(sumsOf(condensed)).toEqual(sumsOf(data))
        expect(condensed.samples.stack.length).toBeLessThanOrEqual(data.samples.stack.length)
      })
    )
  })

  it('moves nothing further than the resolution', () => {
    const condensed = condense(alternating, 100_000)
    expect(condensed.samples.stack.length).toBeLessThan(80)
    let beforeUs = 0
    const timeOfA = (data: SessionData, untilUs: number): number => {
      let us = 0
      forEachSample(data, (stack, startUs, durationUs) => {
        const seen = Math.min(startUs + durationUs, untilUs) - startUs
        us += stack === 1 && seen > 0 ? seen : 0
      })
      return us
    }
    for (; beforeUs < alternating.meta.duration * 1000; beforeUs += 33_000) {
      const difference = timeOfA(condensed, beforeUs) - timeOfA(alternating, beforeUs)
      expect(Math.abs(difference)).toBeLessThan(100_000)
    }
  })

  it('leaves long samples where they are', () => {
    const data = buildSession('b 1\na 1\nb 1\nc;[await] 50\na 1\nb 1\na 1')
    expect(condense(data, 100_000).samples.durationUs).toEqual([2000, 1000, 50_000, 1000, 2000])
  })
})

describe('packToFit', () => {
  it('keeps what fits as it is', () => {
    expect(read(packToFit(alternating, 1_000_000))).toEqual(alternating)
  })

  it('condenses as much as needed, and says so', () => {
    const whole = packToFit(alternating, 1_000_000)
    const text = packToFit(alternating, Math.floor(whole.length * 0.8))
    expect(text.length).toBeLessThan(whole.length * 0.8)
    const data = read(text)
    checkSession(data)
    expect(sumsOf(data)).toEqual(sumsOf(alternating))
    expect(data.meta.notes.at(-1)).toMatch(/keeps the order of short samples to [\d.]+ ms/)
  })
})
