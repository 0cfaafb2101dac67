import { describe, expect, it } from 'vitest'
import type { CaptureText, Samples } from '../helpers/build-capture.ts'
import {
  every,
  repeat,
  sessionOf,
  stackText,
  timelineOf,
  waiting,
} from '../helpers/build-capture.ts'

function blockersOf(text: CaptureText): string[] {
  const data = sessionOf(text)
  const { stack, startUs, durationUs } = data.blockers
  return stack.map(
    (entry, i) => `${stackText(data, entry)} ${startUs[i]! / 1000}+${durationUs[i]! / 1000}`
  )
}

describe('a wait', () => {
  it('with the loop idle to its end is waiting', () => {
    const samples = every(1.5, ...repeat('(idle)', 20))
    expect(sessionOf(waiting(samples)).meta.totals).toMatchObject({ await: 20, blocked: 0 })
  })

  it('is blocked from the last idle moment on, and says by what', () => {
    const samples = every(1.5, ...repeat('(idle)', 10), ...repeat('other;crunch', 10))
    const text = waiting(samples)
    expect(timelineOf(sessionOf(text)).slice(1, 3)).toEqual([
      'handler#5;[await] 10',
      'handler#5;[blocked] 10',
    ])
    const blockers = blockersOf(text)
    expect(blockers.every((row) => row.startsWith('other;crunch '))).toBe(true)
    const sum = blockers.reduce((total, row) => total + Number(row.split('+')[1]), 0)
    expect(sum).toBeCloseTo(10, 6)
  })

  it('is no blocking before work that ended while the request still waited', () => {
    const stacks = [...repeat('other', 10), ...repeat('(idle)', 10)]
    const { totals } = sessionOf(waiting(every(1.5, ...stacks))).meta
    expect(totals).toMatchObject({ await: 20, blocked: 0 })
  })

  it('for a timer is blocked only after it was due', () => {
    const samples = every(1.5, ...repeat('other', 20))
    expect(sessionOf(waiting(samples, 15)).meta.totals).toMatchObject({ await: 14, blocked: 6 })
    expect(sessionOf(waiting(samples, 20.9)).meta.totals).toMatchObject({ await: 20, blocked: 0 })
  })

  it('for a timer that is overdue is blocked, though the loop was idle a moment before it', () => {
    const samples = every(1.5, ...repeat('other', 18), ...repeat('(idle)', 2))
    expect(sessionOf(waiting(samples, 15)).meta.totals).toMatchObject({ await: 14, blocked: 6 })
  })

  it('for a timer that is overdue is blocked, though no sample was taken for a while', () => {
    const idle = repeat('(idle)', 2)
    const samples = every(1.5, ...repeat('other', 12), ...idle, ...repeat('other', 6))
    expect(sessionOf(waiting(samples, 11)).meta.totals).toMatchObject({ await: 10, blocked: 10 })
    expect(sessionOf(waiting(samples)).meta.totals).toMatchObject({ blocked: 6 })
  })

  it('for an interval is not blocked before that is due again', () => {
    const between = [...repeat('(idle)', 8), ...repeat('other', 3), ...repeat('(idle)', 8)]
    const { totals } = sessionOf({
      end: 42,
      segments: [
        [0, 0, 1],
        [1, 21, 22],
        [2, 41, 42],
      ],
      runs: [0, 1, 1],
      operations: [{ kind: 'callback', at: 'root;handler#5', in: 0, created: 1, due: 21 }],
      samples: [...every(1.5, ...between), ...every(22.5, ...between)],
    }).meta
    expect(totals).toMatchObject({ await: 39, blocked: 0 })
  })

  it('for what others bring is blocked before they begin and after they have brought it', () => {
    const text = waiting(every(1.5, ...repeat('other', 20)))
    text.operations![0]!.delivery = [5, 19]
    const data = sessionOf(text)
    expect(timelineOf(data).slice(1, -1)).toEqual([
      'handler#5;[blocked] 4',
      'handler#5;[await] 14',
      'handler#5;[blocked] 2',
    ])
    const { startUs, durationUs } = data.blockers
    const isDelivery = startUs.map((us, i) => us >= 5000 && us + durationUs[i]! <= 19_000)
    expect(isDelivery).not.toContain(true)
  })

  it('for anything else is blocked for as long as others ran', () => {
    const samples = every(1.5, ...repeat('other', 20))
    expect(sessionOf(waiting(samples)).meta.totals).toMatchObject({ await: 0, blocked: 20 })
  })

  it('is not blocked by the engine alone', () => {
    const samples = every(1.5, ...repeat('(idle)', 10), ...repeat('(program)', 10))
    expect(sessionOf(waiting(samples)).meta.totals).toMatchObject({ await: 20, blocked: 0 })
  })

  it('is not blocked by the moment in which the loop wakes up', () => {
    const samples: Samples = [...every(1.5, ...repeat('(idle)', 20)), [20.95, 'other']]
    expect(sessionOf(waiting(samples)).meta.totals).toMatchObject({ await: 20, blocked: 0 })
  })

  it('lasts to the end of the request when nothing comes after it', () => {
    const text = { ...waiting([]), end: 40 }
    expect(timelineOf(sessionOf(text)).at(-1)).toBe('handler#5;[await] 18')
  })
})

describe("the profiler's own work", () => {
  it('is not in the request while that runs', () => {
    const text: CaptureText = {
      end: 10,
      segments: [[0, 0, 10]],
      samples: every(0.5, ...repeat('root;handler', 10)),
      pauses: [
        [2, 3],
        [3.2, 3.3],
        [9.5, 12],
      ],
    }
    const { meta, samples } = sessionOf(text)
    expect(meta.duration).toBeCloseTo(8.4, 3)
    expect(meta.overhead.excluded).toBeCloseTo(1.6, 3)
    expect(samples.durationUs.reduce((sum, us) => sum + us, 0)).toBe(8400)
  })

  it('does not shorten a wait: a timer runs on meanwhile', () => {
    const { meta } = sessionOf({ ...waiting([]), pauses: [[5, 8]] })
    expect(meta.duration).toBe(22)
    expect(meta.overhead.excluded).toBe(0)
  })

  it('before a wait lengthens it when its timer was set already', () => {
    const text = (created: number): CaptureText => ({
      end: 22,
      segments: [
        [0, 0, 9],
        [1, 21, 22],
      ],
      runs: [0, 1],
      operations: [{ kind: 'callback', at: 'root;handler#5', in: 0, created, due: 21 }],
      samples: every(0.5, ...repeat('root;handler', 9)),
      pauses: [
        [1, 2],
        [4, 8],
      ],
    })
    expect(sessionOf(text(3)).meta.totals).toMatchObject({ await: 16 })
    expect(sessionOf(text(3)).meta.overhead.excluded).toBe(1)
    expect(sessionOf(text(9)).meta.totals).toMatchObject({ await: 12 })
    expect(sessionOf(text(9)).meta.overhead.excluded).toBe(5)
  })

  it('before a wait for something else does not lengthen it, though a timer fires in between', () => {
    const { meta } = sessionOf({
      end: 22,
      segments: [
        [0, 0, 9],
        [1, 15, 16],
        [2, 21, 22],
      ],
      runs: [0, 1, 2],
      operations: [
        { kind: 'callback', at: 'root;handler;log', in: 0, created: 0.5, due: 15 },
        { kind: 'await', at: 'root;handler#5', in: 0, created: 9 },
      ],
      samples: every(0.5, ...repeat('root;handler', 9)),
      pauses: [[1, 6]],
    })
    expect(meta.totals).toMatchObject({ await: 11 })
    expect(meta.overhead.excluded).toBe(5)
  })

  it('is not waited for after a timer was due', () => {
    const { meta } = sessionOf({ ...waiting([], 6), pauses: [[5, 18]] })
    expect(meta.totals).toMatchObject({ await: 8 })
    expect(meta.overhead.excluded).toBe(12)
  })

  it('is no blocking of others', () => {
    const samples = every(1.5, ...repeat('other', 20))
    const { meta } = sessionOf({ ...waiting(samples), pauses: [[5, 8]] })
    expect(meta.totals).toMatchObject({ await: 0, blocked: 17 })
    expect(meta.duration).toBe(19)
  })
})
