import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineLayout } from '../../src/report/timeline/layout.ts'
import { boxAt, firstEndingAfter, layOutTimeline } from '../../src/report/timeline/layout.ts'
import { findBox, neighbour } from '../../src/report/timeline/navigate.ts'
import {
  axisTicks,
  clampRange,
  panRange,
  rangeAround,
  zoomRange,
} from '../../src/report/timeline/range.ts'
import { timelineSummary } from '../../src/report/timeline/summary.ts'
import { packagesByTime } from '../../src/report/timeline/theme.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const TEXT = `
handler;load;lib:pg/query 2
handler;load;lib:pg/query;[await] 10
handler;render 5
handler;load;lib:pg/query;[await] 20
handler;load;lib:pg/query;[blocked] 3
handler;[gc] 4
`
const DURATION = 44

/** The boxes of each lane as `name start-end`. */
function lanesText({ lanes }: TimelineLayout): string[] {
  return lanes.map(({ frame, start, end }) =>
    frame.map(({ function: name }, i) => `${name} ${start[i]}-${end[i]}`).join(', ')
  )
}

describe('layOutTimeline', () => {
  it('places calls below their callers in order of time', () => {
    expect(lanesText(layOutTimeline(buildSession(TEXT), false))).toEqual([
      'GET / 0-44',
      'handler 0-44',
      'load 0-12, render 12-17, load 17-40, [gc] 40-44',
      'query 0-12, query 17-40',
      '[await] 2-12, [await] 17-37, [blocked] 37-40',
    ])
  })

  it('leaves out libraries, and closes up what they call', () => {
    expect(lanesText(layOutTimeline(buildSession(TEXT), true)).slice(2)).toEqual([
      'load 0-12, render 12-17, load 17-40, [gc] 40-44',
      '[await] 2-12, [await] 17-37, [blocked] 37-40',
    ])
  })

  it('leaves out frames of the profiler', () => {
    const layout = layOutTimeline(buildSession('profiler:run;handler 5'), false)
    expect(lanesText(layout)).toEqual(['GET / 0-5', 'handler 0-5'])
  })

  it('tiles the duration with moments, and lanes with boxes that do not overlap', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.boolean(), (data, appOnly) => {
        const { moments, lanes, duration } = layOutTimeline(data, appOnly)
        let end = 0
        for (const [i, start] of moments.start.entries()) {
          expect(start).toBeCloseTo(end, 6)
          end = moments.end[i]!
        }
        expect(end).toBeCloseTo(duration, 6)
        for (const lane of lanes) {
          for (let i = 1; i < lane.start.length; i++) {
            expect(lane.start[i]).toBeGreaterThanOrEqual(lane.end[i - 1]! - 1e-6)
          }
        }
      })
    )
  })
})

describe('boxAt', () => {
  const layout = layOutTimeline(buildSession(TEXT), false)

  it.each([
    [2, 0, 'load'],
    [2, 11.9, 'load'],
    [2, 12, 'render'],
    [2, 43.9, '[gc]'],
    [4, 20, '[await]'],
    [4, 1, undefined],
    [4, 14, undefined],
    [9, 1, undefined],
    [-1, 1, undefined],
    [0, DURATION, undefined],
  ])('finds at depth %d and %d ms: %s', (depth, time, name) => {
    expect(boxAt(layout, depth, time)?.frame.function).toBe(name)
  })

  it('bisects', () => {
    expect([0, 1, 1.5, 2, 3, 9].map((time) => firstEndingAfter([1, 2, 3], time))).toEqual([
      0, 1, 1, 2, 3, 3,
    ])
  })
})

describe('neighbour', () => {
  const layout = layOutTimeline(buildSession(TEXT), false)
  const go = (depth: number, time: number, direction: Parameters<typeof neighbour>[2]) => {
    const box = neighbour(layout, boxAt(layout, depth, time), direction)
    return box && `${box.frame.function} ${box.start}`
  }

  it('moves to callers, calls and siblings', () => {
    expect(go(4, 20, 'caller')).toBe('query 17')
    expect(go(2, 20, 'callee')).toBe('query 17')
    expect(go(2, 14, 'next')).toBe('load 17')
    expect(go(2, 14, 'previous')).toBe('load 0')
  })

  it('stays where there is nothing, and starts at the request', () => {
    expect(go(0, 1, 'caller')).toBeUndefined()
    expect(go(2, 14, 'callee')).toBeUndefined()
    expect(go(2, 1, 'previous')).toBeUndefined()
    expect(go(2, 42, 'next')).toBeUndefined()
    expect(neighbour(layout, undefined, 'callee')?.frame).toBe(layout.lanes[0]!.frame[0])
  })
})

describe('findBox', () => {
  it('finds the box of a frame, and for a frame of the call stack its longest call', () => {
    const data = buildSession(TEXT)
    const layout = layOutTimeline(data, false)
    const first = layout.lanes[2]!.frame[0]!
    expect(findBox(layout, first)?.start).toBe(0)
    const load = buildCallTree(data).children[0]!.children[0]!
    expect(load.function).toBe('load')
    expect(findBox(layout, load)?.start).toBe(17)
  })
})

describe('ranges', () => {
  it('keep the time under the pointer in its place while zooming', () => {
    const range = zoomRange({ start: 0, end: 100 }, 0.5, 25, 100)
    expect(range).toEqual({ start: 12.5, end: 62.5 })
    expect(zoomRange(range, 2, 25, 100)).toEqual({ start: 0, end: 100 })
  })

  it('stay inside the request, and are never shorter than records can tell', () => {
    expect(panRange({ start: 10, end: 20 }, -50, 100)).toEqual({ start: 0, end: 10 })
    expect(panRange({ start: 10, end: 20 }, 500, 100)).toEqual({ start: 90, end: 100 })
    expect(clampRange({ start: -5, end: 500 }, 100)).toEqual({ start: 0, end: 100 })
    const shortest = zoomRange({ start: 0, end: 100 }, 1e-9, 50, 100)
    expect(shortest.end - shortest.start).toBeCloseTo(0.01)
    expect(clampRange({ start: 0, end: 0.001 }, 0.004)).toEqual({ start: 0, end: 0.004 })
  })

  it('leave room around what they show', () => {
    expect(rangeAround(20, 30, 100)).toEqual({ start: 19, end: 31 })
  })

  it('label round times', () => {
    expect(axisTicks({ start: 0, end: 100 }, 18)).toEqual({
      times: [0, 20, 40, 60, 80, 100],
      decimals: 0,
    })
    const fine = axisTicks({ start: 1.004, end: 1.026 }, 0.004)
    expect(fine.decimals).toBe(3)
    expect(fine.times.map((time) => time.toFixed(fine.decimals))).toEqual([
      '1.005',
      '1.010',
      '1.015',
      '1.020',
      '1.025',
    ])
  })
})

describe('timelineSummary', () => {
  it('tells stretches of one state in order of time', () => {
    expect(timelineSummary(layOutTimeline(buildSession(TEXT), false))).toEqual([
      '0.0 ms to 2.0 ms: computing',
      '2.0 ms to 12.0 ms: waiting',
      '12.0 ms to 17.0 ms: computing',
      '17.0 ms to 37.0 ms: waiting',
      '37.0 ms to 40.0 ms: blocked',
      '40.0 ms to 44.0 ms: collecting garbage',
    ])
  })
})

describe('packagesByTime', () => {
  it('puts packages with most time of their own first', () => {
    const data = buildSession('lib:hono/a;lib:pg/b;[await] 9\nlib:hono/a;lib:zod/c 2')
    expect(packagesByTime(data)).toEqual(['pg', 'zod', 'hono'])
  })
})
