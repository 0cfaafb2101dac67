import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arbitraryCapture } from '../helpers/arbitrary-capture.ts'
import { sessionOf } from '../helpers/build-capture.ts'

it('gives a session that adds up, whatever was captured', () => {
  fc.assert(
    fc.property(arbitraryCapture, (text) => {
      const { meta, samples, waits } = sessionOf(text)
      const { start = 0, end } = text
      expect(meta.duration).toBeCloseTo(end - start - meta.overhead.excluded, 2)
      expect(meta.sampleCount).toBeLessThanOrEqual(text.samples!.length)
      expect(samples.durationUs.every((us) => us > 0)).toBe(true)
      expect(waits.length).toBeLessThanOrEqual(text.operations!.length)
    }),
    { numRuns: 500 }
  )
})

it('gives the same session for the same capture', () => {
  fc.assert(
    fc.property(arbitraryCapture, (text) => {
      expect(sessionOf(text)).toEqual(sessionOf(text))
    }),
    { numRuns: 50 }
  )
})

it('excludes no more than the profiler took', () => {
  fc.assert(
    fc.property(arbitraryCapture, (text) => {
      const pausedMs = text.pauses!.reduce((sum, [start, end]) => sum + end - start, 0)
      const { excluded } = sessionOf(text).meta.overhead
      expect(excluded).toBeGreaterThanOrEqual(0)
      expect(excluded).toBeLessThanOrEqual(pausedMs + 1e-6)
    }),
    { numRuns: 100 }
  )
})
