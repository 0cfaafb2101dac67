import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  axisTicks,
  clampRange,
  panRange,
  rangeAround,
  zoomRange,
} from '../../src/report/canvas/range.ts'
import { packagesByTime } from '../../src/report/canvas/theme.ts'
import { spanBars, waterfallOf } from '../../src/report/timeline/bars.ts'
import type { Box, TimelineLayout } from '../../src/report/timeline/layout.ts'
import {
  boxAt,
  boxOfSample,
  firstEndingAfter,
  layOutTimeline,
  timesOf,
} from '../../src/report/timeline/layout.ts'
import { neighbour } from '../../src/report/timeline/navigate.ts'
import { findBox, frameOf, recordOf } from '../../src/report/timeline/places.ts'
import { timelineSummary } from '../../src/report/timeline/summary.ts'
import type { Frame } from '../../src/session/frame.ts'
import type { SessionData } from '../../src/session/records.ts'
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

/** The boxes of each lane, in order of time. */
function lanesOf(layout: TimelineLayout): Box[][] {
  return Array.from({ length: layout.lanes }, (_, depth) => {
    const boxes: Box[] = []
    for (let sample = 0; sample < layout.ends.length;) {
      const box = boxOfSample(layout, depth, sample)
      boxes.push(...(box ? [box] : []))
      sample = box?.last ?? sample + 1
    }
    return boxes
  })
}

/** The boxes of each lane as `name start-end`. */
function lanesText(data: SessionData, appOnly: boolean): string[] {
  const layout = layOutTimeline(data, appOnly)
  const text = (box: Box) => `${recordOf(data, layout, box).name} ${box.start}-${box.end}`
  return lanesOf(layout).map((lane) => lane.map(text).join(', '))
}

/** The same from the tree of calls in time, which is built in another way. */
function treeLanes(data: SessionData): string[] {
  const lanes: string[][] = []
  const place = (frame: Frame, depth: number, start: number) => {
    if (frame.function !== '[self]') {
      const end = (start + frame.time).toFixed(3)
      ;(lanes[depth] ??= []).push(`${frame.function} ${start.toFixed(3)}-${end}`)
    }
    let at = start
    for (const child of frame.children) {
      place(child, depth + 1, at)
      at += child.time
    }
  }
  place(buildCallTree(data, { timeline: true }), 0, 0)
  return lanes.map((lane) => lane.join(', '))
}

describe('layOutTimeline', () => {
  it('places calls below their callers in order of time', () => {
    expect(lanesText(buildSession(TEXT), false)).toEqual([
      'GET / 0-44',
      'handler 0-44',
      'load 0-12, render 12-17, load 17-40, [gc] 40-44',
      'query 0-12, query 17-40',
      '[await] 2-12, [await] 17-37, [blocked] 37-40',
    ])
  })

  it('leaves out libraries, and closes up what they call', () => {
    expect(lanesText(buildSession(TEXT), true).slice(2)).toEqual([
      'load 0-12, render 12-17, load 17-40, [gc] 40-44',
      '[await] 2-12, [await] 17-37, [blocked] 37-40',
    ])
  })

  it('leaves out frames of the profiler', () => {
    expect(lanesText(buildSession('profiler:run;handler 5'), false)).toEqual([
      'GET / 0-5',
      'handler 0-5',
    ])
  })

  it('shows an async function once that was sampled as a wrapper and its body', () => {
    const text = 'load@src/a.ts:1;load@src/a.ts:2;query 5\nload@src/a.ts:1;load@src/a.ts:2 3'
    expect(lanesText(buildSession(text), false)).toEqual(['GET / 0-8', 'load 0-8', 'query 0-5'])
  })

  it('has the boxes of the tree of calls in time', () => {
    const withoutProfiler = arbitrarySession.filter(
      ({ functions, samples }) =>
        samples.stack.length > 0 && functions.every(({ origin }) => origin !== 'profiler')
    )
    fc.assert(
      fc.property(withoutProfiler, (data) => {
        const layout = layOutTimeline(data, false)
        const text = ({ start, end, ...box }: Box) =>
          `${recordOf(data, layout, { ...box, start, end }).name} ${start.toFixed(3)}-${end.toFixed(3)}`
        const lanes = lanesOf(layout).map((lane) => lane.map(text).join(', '))
        expect(lanes).toEqual(treeLanes(data))
      })
    )
  })

  it('explains each box by states, and each call by itself and its calls', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.boolean(), (data, appOnly) => {
        const layout = layOutTimeline(data, appOnly)
        for (const box of lanesOf(layout).flat()) {
          const { byState, self } = timesOf(layout, box)
          const time = box.end - box.start
          expect(byState.reduce((sum, ms) => sum + ms)).toBeCloseTo(time, 6)
          expect(self).toBeLessThanOrEqual(time + 1e-6)
        }
      })
    )
  })
})

describe('boxAt', () => {
  const data = buildSession(TEXT)
  const layout = layOutTimeline(data, false)

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
    const box = boxAt(layout, depth, time)
    expect(box && recordOf(data, layout, box).name).toBe(name)
  })

  it('bisects', () => {
    expect([0, 1, 1.5, 2, 3, 9].map((time) => firstEndingAfter([1, 2, 3], time))).toEqual([
      0, 1, 1, 2, 3, 3,
    ])
  })
})

describe('neighbour', () => {
  const data = buildSession(TEXT)
  const layout = layOutTimeline(data, false)
  const go = (depth: number, time: number, direction: Parameters<typeof neighbour>[2]) => {
    const box = neighbour(layout, boxAt(layout, depth, time), direction)
    return box && `${recordOf(data, layout, box).name} ${box.start}`
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
    expect(neighbour(layout, undefined, 'callee')).toEqual(boxAt(layout, 0, 0))
  })
})

describe('findBox', () => {
  const data = buildSession(TEXT)
  const layout = layOutTimeline(data, false)

  it('finds for a frame of the call stack its longest call', () => {
    const load = buildCallTree(data).children[0]!.children[0]!
    expect(load.function).toBe('load')
    expect(findBox(data, layout, load)).toMatchObject({ depth: 2, start: 17, end: 40 })
    const waiting = load.children[0]!.children.find((leaf) => leaf.function === '[await]')!
    expect(findBox(data, layout, waiting)).toMatchObject({ depth: 4, start: 17, end: 37 })
  })

  it('finds what frames of boxes stand for', () => {
    fc.assert(
      fc.property(arbitrarySession, (any) => {
        const whole = layOutTimeline(any, false)
        for (const box of lanesOf(whole).flat()) {
          const frame = frameOf(any, whole, box)
          expect(frame.time).toBeCloseTo(box.end - box.start, 6)
          const found = findBox(any, whole, frame)!
          expect([found.node, found.state]).toEqual([box.node, box.state])
          expect(found.end - found.start).toBeGreaterThanOrEqual(frame.time - 1e-6)
        }
      })
    )
  })
})

describe('bars', () => {
  const text = `
    handler#3;load#7;lib:pg/query 1
    handler#3;load#7;lib:pg/query;[await] 39
  `

  it('puts operations at the same time in rows of their own, and leaves out what they explain', () => {
    const data = buildSession(text, {
      waits: [
        { path: 'handler#3;Promise.all', start: 0, end: 40 },
        { path: 'handler#3;load#7;lib:pg/query', start: 0, end: 10 },
        { path: 'handler#3;load#7;lib:pg/query', start: 2, end: 30, critical: false },
        { path: 'handler#3;load#7;lib:pg/query', start: 12, end: 40 },
      ],
    })
    data.waits[0] = { ...data.waits[0]!, name: 'Promise.all', stack: 0 }
    expect(
      waterfallOf(data).bars.map(({ name, start, row, line, critical }) => [
        name,
        start,
        row,
        line,
        critical,
      ])
    ).toEqual([
      ['lib:pg/query in load', 0, 0, 7, true],
      ['lib:pg/query in load', 2, 1, 7, false],
      ['lib:pg/query in load', 12, 0, 7, true],
    ])
  })

  it('tells waits of one function that is named like them apart, by its caller', () => {
    const data = buildSession('handler#3;load#7;query#9;[await] 20\nhandler#4;query#9;[await] 10', {
      waits: [
        { path: 'handler#3;load#7;query#9', start: 0, end: 20 },
        { path: 'handler#4;query#9', start: 20, end: 30 },
      ],
    })
    data.waits.forEach((wait) => {
      wait.name = 'query'
    })
    const names = waterfallOf(data).bars.map(({ name }) => name)
    expect(names).toEqual(['query in load', 'query in handler'])
  })

  it('finds the bars that show waits, also those that others explain', () => {
    const data = buildSession(text, {
      waits: [
        { path: 'handler#3;Promise.all', start: 0, end: 40 },
        { path: 'handler#3;load#7;lib:pg/query', start: 0, end: 10 },
        { path: 'handler#4;load#7;lib:pg/query', start: 12, end: 40 },
      ],
    })
    data.waits[0] = { ...data.waits[0]!, name: 'Promise.all', stack: 0 }
    const { bars, showing } = waterfallOf(data)
    expect(bars.map(({ start }) => start)).toEqual([0, 12])
    expect(showing([2])).toEqual([bars[1]])
    expect(showing([0])).toEqual(bars)
    expect(showing([0, 1, 99])).toEqual(bars)
    expect(showing([])).toEqual([])
  })

  it('has a bar for every wait', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const { bars, showing } = waterfallOf(data)
        for (const i of data.waits.keys()) {
          const shown = showing([i])
          expect(shown.length).toBeGreaterThan(0)
          expect(shown.every((bar) => bars.includes(bar))).toBe(true)
        }
      })
    )
  })

  it('puts a named part below what encloses it', () => {
    const spans = [
      { name: 'logger', kind: 'middleware' as const, start: 0, end: 40 },
      { name: 'handler', kind: 'handler' as const, start: 1, end: 39, parent: 0 },
      { name: 'price', start: 2, end: 20, parent: 1 },
      { name: 'stock', start: 5, end: 10, parent: 1 },
    ]
    expect(spanBars(buildSession(text, { spans })).map(({ name, row }) => [name, row])).toEqual([
      ['logger', 0],
      ['handler', 1],
      ['price', 2],
      ['stock', 3],
    ])
  })

  it('never overlap in a row', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        for (const bars of [waterfallOf(data).bars, spanBars(data)]) {
          const ends: number[] = []
          for (const { row, start, end } of bars) {
            expect(start).toBeGreaterThanOrEqual(ends[row] ?? 0)
            ends[row] = end
          }
        }
      })
    )
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
