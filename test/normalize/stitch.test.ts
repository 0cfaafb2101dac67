import { describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import type { CaptureText, Samples } from '../helpers/build-capture.ts'
import {
  every,
  repeat,
  sessionOf,
  stackText,
  timelineOf,
  waiting,
} from '../helpers/build-capture.ts'

describe('a segment', () => {
  it('is divided among its samples, each half way to the next', () => {
    const samples = every(
      0.5,
      'root;handler#1;parse',
      'root;handler#1;parse',
      'root;handler#2;render'
    )
    expect(timelineOf(sessionOf({ end: 3, segments: [[0, 0, 3]], samples }))).toEqual([
      'handler#1;parse 2',
      'handler#2;render 1',
    ])
  })

  it('between samples far apart belongs to both by halves', () => {
    const samples: Samples = [
      [1, 'root;parse'],
      [9, 'root;render'],
    ]
    expect(timelineOf(sessionOf({ end: 10, segments: [[0, 0, 10]], samples }))).toEqual([
      'parse 5',
      'render 5',
    ])
  })

  it('has no samples of before or after it', () => {
    const samples: Samples = [
      [-1, 'root;before'],
      [0.5, 'root;parse'],
      [3, 'root;after'],
    ]
    const text = { end: 1, segments: [[0, 0, 1]] as CaptureText['segments'], samples }
    const data = sessionOf(text)
    expect(timelineOf(data)).toEqual(['parse 1'])
    expect(data.meta.sampleCount).toBe(1)
  })

  it('in which garbage is collected has it below what was interrupted', () => {
    const samples = every(0.5, 'root;parse', '(gc)', '(gc)', 'root;parse')
    const data = sessionOf({ end: 4, segments: [[0, 0, 4]], samples })
    expect(timelineOf(data)).toEqual(['parse 1', 'parse;[gc] 2', 'parse 1'])
    expect(data.meta.totals).toEqual({ cpu: 2, gc: 2, await: 0, blocked: 0 })
  })

  it('in which samples see no function is running all the same', () => {
    const samples = every(0.5, 'root;parse', '(program)', '(program)', '(program)', 'root;render')
    const data = sessionOf({ end: 5, segments: [[0, 0, 5]], samples })
    expect(data.meta.totals.cpu).toBe(5)
    expect(timelineOf(data)[0]).toMatch(/^parse /)
    expect(timelineOf(data).at(-1)).toMatch(/^render /)
  })

  it('is not all given to the one sample that shows a function, when many show native code alone', () => {
    const samples = [
      ...every(0.5, '(idle)'),
      ...every(21.5, ...repeat('native:now', 19)),
      [40.5, 'handler#7;respond'] as Samples[number],
    ]
    const text = { ...waiting(samples), end: 41 }
    text.segments = [text.segments[0]!, [1, 21, 41]]
    const rows = timelineOf(sessionOf(text)).slice(2)
    const respondMs = rows
      .filter((row) => row.includes('respond'))
      .reduce((sum, row) => sum + Number(/[\d.]+$/.exec(row)![0]), 0)
    expect(respondMs).toBeLessThanOrEqual(2)
  })

  it('goes on to the end of the request, not to its own', () => {
    const samples = every(0.5, ...repeat('root;handler', 9))
    const data = sessionOf({ end: 4, segments: [[0, 0, 9]], samples })
    expect(timelineOf(data)).toEqual(['handler 4'])
  })

  it('that begins before the request counts from its start', () => {
    const samples = every(4.5, ...repeat('root;handler', 6))
    const text: CaptureText = { start: 5, end: 10, segments: [[0, 4, 10]], samples }
    expect(timelineOf(sessionOf(text))).toEqual(['handler 5'])
  })

  it('that follows another at once leaves no wait between them', () => {
    const segments: CaptureText['segments'] = [
      [0, 0, 1],
      [1, 1.04, 2],
    ]
    const operations = [{ at: 'root;handler#5', in: 0, created: 1 }]
    const data = sessionOf({ end: 2, segments, runs: [0, 1], operations })
    expect(data.meta.totals).toEqual({ cpu: 2, gc: 0, await: 0, blocked: 0 })
  })
})

describe('runs too short for samples', () => {
  it('get what the runs from the same place show, so that many add up to the truth', () => {
    const count = 300
    const segments: CaptureText['segments'] = [[0, 0, 1]]
    const operations: CaptureText['operations'] = []
    const samples: Samples = []
    for (let i = 0; i < count; i++) {
      const at = i === 0 ? 'root;handler#5' : 'handler#5'
      operations.push({ kind: 'await', at, in: i, created: i * 2 + 1 })
      // 0.4 ms each; every tenth run is hit, three of four times in `query`.
      const start = i * 2 + 2
      segments.push([i + 1, start, start + 0.4])
      if (i % 10 === 0) {
        samples.push([start + 0.2, i % 40 === 0 ? 'handler#6;format' : 'handler#6;query'])
      }
    }
    const runs = segments.map((_, i) => i)
    const data = sessionOf({ end: count * 2 + 0.4, segments, runs, operations, samples })
    const times = cpuTimes(data)
    const totalMs = count * 0.4
    expect(times.get('handler#6;query')! / totalMs).toBeCloseTo(22 / 30, 1)
    expect(times.get('handler#6;format')! / totalMs).toBeCloseTo(8 / 30, 1)
  })

  it('without any sample stand at the place that was resumed', () => {
    expect(timelineOf(sessionOf(waiting([])))).toEqual([
      ' 1',
      'handler#5;[await] 20',
      'handler#5 1',
    ])
  })
})

describe('a stretch without samples', () => {
  it('right after a wake-up gets what other runs from the same place show as early', () => {
    const count = 40
    const text: CaptureText = {
      end: count * 10,
      segments: [[0, 0, 1]],
      operations: [],
      samples: [],
    }
    for (let i = 0; i < count; i++) {
      const at = i === 0 ? 'root;handler#5' : 'handler#5'
      const start = i * 10 + 3
      text.operations!.push({ kind: 'await', at, in: i, created: i * 10 + 1 })
      // 3 ms of `query`, then 3 ms of `render`; in three of four runs the first 4 ms have no samples.
      text.segments.push([i + 1, start, start + 6])
      for (let ms = i % 4 === 0 ? 0.5 : 4.5; ms < 6; ms++) {
        text.samples!.push([start + ms, ms < 3 ? 'handler#6;query' : 'handler#7;render'])
      }
    }
    const times = cpuTimes(sessionOf({ ...text, runs: text.segments.map((_, i) => i) }))
    expect(times.get('handler#6;query')! / (count * 3)).toBeCloseTo(1, 1)
    expect(times.get('handler#7;render')! / (count * 3)).toBeCloseTo(1, 1)
  })

  it('that no other run shows belongs to the nearest sample', () => {
    const samples: Samples = [
      [5, 'root;parse'],
      [6, 'root;parse'],
      [7, 'root;render'],
    ]
    expect(timelineOf(sessionOf({ end: 10, segments: [[0, 0, 10]], samples }))).toEqual([
      'parse 6.5',
      'render 3.5',
    ])
  })
})

/** Milliseconds on the processor, by stack. */
function cpuTimes(data: SessionData): Map<string, number> {
  const times = new Map<string, number>()
  data.samples.stack.forEach((entry, i) => {
    const key = data.samples.state[i] === 0 ? stackText(data, entry) : 'waiting'
    times.set(key, (times.get(key) ?? 0) + data.samples.durationUs[i]! / 1000)
  })
  return times
}
