import { describe, expect, it } from 'vitest'
import type { CaptureText, OperationText } from '../helpers/build-capture.ts'
import { sessionOf, stackText, timelineOf, waitsOf } from '../helpers/build-capture.ts'

/** A timer, the promise that it settles, and the await: what `await sleep()` leaves in a capture. */
function sleeping(
  first: number,
  run: number,
  created: number,
  end: number,
  timerRun: number,
  caller: string
): NonNullable<CaptureText['operations']> {
  return [
    { kind: 'then', in: run, created, settled: end, settledIn: timerRun },
    {
      kind: 'callback',
      name: 'Timeout',
      at: `${caller};sleep#2;node:setTimeout`,
      in: run,
      created,
    },
    { kind: 'await', at: caller, in: run, created, awaits: first },
  ]
}

const oneSleep: CaptureText = {
  end: 14,
  segments: [
    [0, 0, 2],
    [1, 12, 12.1],
    [2, 12.1, 14],
  ],
  runs: [0, 2, 3],
  operations: sleeping(1, 0, 2, 12, 1, 'root;handler#5'),
}

describe('one await', () => {
  it('stands where the request waited, its work where it went on', () => {
    expect(timelineOf(sessionOf(oneSleep))).toEqual([
      ' 2',
      'handler#5;sleep#2;setTimeout;[await] 10',
      'handler#5;sleep#2;setTimeout 0.1',
      'handler#5 1.9',
    ])
  })

  it('is a row of the waterfall', () => {
    expect(waitsOf(oneSleep)).toEqual([
      'setTimeout at handler#5;sleep#2;setTimeout 2/2-12.1 critical',
    ])
  })

  it('stays what it was when something else runs as the request ends', () => {
    const segments = [...oneSleep.segments, [3, 14.01, 14.05] as [number, number, number]]
    const operations = [
      ...oneSleep.operations!,
      { kind: 'await' as const, at: 'root;background#9', in: 0, created: 1, awaits: -1 },
    ]
    const text = { ...oneSleep, segments, operations, runs: [0, 2, 3, 4] }
    expect(timelineOf(sessionOf(text))).toEqual(timelineOf(sessionOf(oneSleep)))
    expect(waitsOf(text)[0]).toBe(waitsOf(oneSleep)[0])
  })
})

describe('what is no row of the waterfall', () => {
  /** A handler that goes on 10 ms after it awaited an operation. */
  const awaiting = (
    awaited: OperationText,
    reaction: Partial<OperationText> = {}
  ): CaptureText => ({
    end: 14,
    segments: [
      [0, 0, 2],
      [1, 12, 14],
    ],
    runs: [0, 2],
    operations: [
      awaited,
      { kind: 'await', at: 'root;handler#5', in: 0, created: 2, awaits: 1, ...reaction },
    ],
  })
  const pending: OperationText = { kind: 'then', in: 0, created: 1, settled: 12 }

  it('a promise that goes on as another does', () => {
    expect(waitsOf(awaiting(pending))).toHaveLength(1)
    expect(waitsOf(awaiting(pending, { kind: 'adopt', at: '' }))).toEqual([])
  })

  it('the wait of a promise that was over before', () => {
    expect(waitsOf(awaiting({ ...pending, settled: 1.5 }))).toEqual([])
  })

  it('the wait of the profiler for the request', () => {
    expect(waitsOf(awaiting(pending, { at: 'root' }))).toEqual([])
  })
})

describe('awaits one after another', () => {
  it('stand in their order, below the function that goes on', () => {
    const text: CaptureText = {
      end: 25,
      segments: [
        [0, 0, 1],
        [1, 11, 12],
        [2, 22, 25],
      ],
      runs: [0, 2, 4],
      operations: [
        { kind: 'callback', in: 0, created: 0.5 },
        { kind: 'await', at: 'root;handler#5', in: 0, created: 1, awaits: 1 },
        { kind: 'callback', in: 1, created: 11.5 },
        { kind: 'await', at: 'handler#6', in: 1, created: 12, awaits: 3 },
      ],
      samples: [
        [11.5, 'handler#6;parse'],
        [23, 'handler#7;render'],
        [24, 'handler#7;render'],
      ],
    }
    expect(timelineOf(sessionOf(text))).toEqual([
      ' 1',
      'handler#5;[await] 10',
      'handler#6;parse 1',
      'handler#6;[await] 10',
      'handler#7;render 3',
    ])
  })

  it('in a loop merge into one line', () => {
    const count = 50
    const operations: CaptureText['operations'] = []
    const segments: CaptureText['segments'] = [[0, 0, 1]]
    for (let i = 0; i < count; i++) {
      const at = i === 0 ? 'root;handler;load#3' : 'load#3'
      operations.push({ kind: 'await', at, in: i, created: i * 10 + 1 })
      segments.push([i + 1, i * 10 + 10, i * 10 + 11])
    }
    const runs = Array.from({ length: count + 1 }, (_, i) => i)
    const data = sessionOf({ end: count * 10 + 1, segments, runs, operations })
    expect(new Set(data.samples.stack.map((entry) => stackText(data, entry)))).toEqual(
      new Set(['', 'handler;load#3'])
    )
    expect(data.meta.totals.await).toBe(count * 9)
  })
})

describe('nested awaits', () => {
  it('have the callers of the outer one', () => {
    const text: CaptureText = {
      end: 30,
      segments: [
        [0, 0, 1],
        [1, 11, 12],
        [2, 22, 23],
        [3, 23, 30],
      ],
      runs: [0, 1, 3, 2],
      operations: [
        { kind: 'await', at: 'root;handler#4;load#8', in: 0, created: 1 },
        { kind: 'await', at: 'root;handler#4', in: 0, created: 1, awaits: 4, settled: 23 },
        { kind: 'await', at: 'load#9;query#1', in: 1, created: 12 },
        { kind: 'then', in: 0, created: 0.5, settled: 23, settledIn: 2 },
      ],
      samples: [
        [11.5, 'load#9;query'],
        [26, 'handler#5;render'],
      ],
    }
    expect(timelineOf(sessionOf(text))).toEqual([
      ' 1',
      'handler#4;load#8;[await] 10',
      'handler#4;load#9;query 1',
      'handler#4;load#9;query#1;[await] 10',
      'handler#4;load#9;query#1 1',
      'handler#5;render 7',
    ])
  })
})

describe('a timer left in the background', () => {
  it('ends no wait of the request', () => {
    const text: CaptureText = {
      end: 21,
      segments: [
        [0, 0, 1],
        [1, 6, 6.2],
        [2, 20, 21],
      ],
      runs: [0, 1, 2],
      operations: [
        {
          kind: 'callback',
          at: 'root;handler#2;later;node:setTimeout',
          in: 0,
          created: 0.5,
          due: 6,
        },
        { kind: 'await', at: 'root;handler#3', in: 0, created: 1 },
      ],
    }
    expect(timelineOf(sessionOf(text))).toEqual([
      ' 1',
      'handler#3;[await] 5',
      'handler#2;later;setTimeout 0.2',
      'handler#3;[await] 13.8',
      'handler#3 1',
    ])
  })
})
