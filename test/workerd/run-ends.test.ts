import { expect, it } from 'vitest'
import { withEarlySamples } from '../../runtimes/workerd/late-samples.ts'
import { withSampledTails } from '../../runtimes/workerd/tails.ts'
import { IDLE_STACK } from '../../src/adapter.ts'
import { buildCapture } from '../helpers/build-capture.ts'

const MS = 1000

/** A run whose end was noticed at 40 ms, and seen until `seen`, with samples at these milliseconds. */
function noticedLate(seen: number, samples: [time: number, stack: string][]) {
  const capture = buildCapture({ end: 50, segments: [[0, 0, 40]], samples })
  return { ...capture, segments: { ...capture.segments, seenUs: [seen * MS] } }
}

const endsOf = (capture: ReturnType<typeof noticedLate>): number[] =>
  Array.from(withSampledTails(capture).endUs).map((us) => us / MS)

it('ends a run where a sample last shows it', () => {
  expect(endsOf(noticedLate(5, [[3, 'root'], [20, 'root'], [41, 'root']]))).toEqual([20.5]) // prettier-ignore
})

it('ends a run where it was last seen when samples show nothing, or idleness, or what was there already', () => {
  expect(endsOf(noticedLate(5, []))).toEqual([5])
  expect(endsOf(noticedLate(5, [[20, '(idle)']]))).toEqual([5])
  expect(endsOf(noticedLate(5, [[5.5, 'root']]))).toEqual([5])
})

it('leaves out what was only looked for, and keeps runs that took no time', () => {
  expect(endsOf(noticedLate(0, []))).toEqual([])
  const capture = buildCapture({ end: 50, segments: [[0, 7, 7]] })
  const segments = { ...capture.segments, seenUs: [7 * MS] }
  expect(withSampledTails({ ...capture, segments }).run).toEqual([0])
})

it('takes what the first sample shows for what ran since the segment began', () => {
  const { samples, segments } = buildCapture({
    end: 50,
    segments: [
      [0, 0, 5],
      [0, 20, 30],
      [0, 40, 45],
    ],
    samples: [
      [0.2, 'root'],
      [23, '(idle)'],
      [24, 'root;late'],
      [25, 'root;later'],
    ],
  })
  const early = withEarlySamples(samples, segments, MS)
  expect(Array.from(early.timeUs).map((us) => us / MS)).toEqual([0.2, 20.5, 23, 24, 25])
  expect(early.stack[1]).toBe(samples.stack[2])
  expect(early.stack[2]).toBe(IDLE_STACK)
})
