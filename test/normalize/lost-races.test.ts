import { expect, it } from 'vitest'
import { findCauses } from '../../src/normalize/causality.ts'
import { lostAwaits } from '../../src/normalize/lost-races.ts'
import type { CaptureText, OperationText } from '../helpers/build-capture.ts'
import { buildCapture, waitsOf } from '../helpers/build-capture.ts'

const LOADED = 1
const ANSWER = 2
const WAIT = 3
const TIMER = 5

/** `await Promise.race([loadUser(), timeout])`, where the timer is over before `loadUser` has its answer. */
const operations: OperationText[] = [
  { kind: 'then', in: 0, created: 1 },
  { kind: 'then', in: 0, created: 1 },
  { kind: 'await', at: 'root;handler#5;loadUser#9', in: 0, created: 1, awaits: ANSWER },
  { kind: 'then', in: 0, created: 1.1, settled: 30, settledIn: 1 },
  {
    kind: 'callback',
    name: 'Timeout',
    at: 'root;handler#5;node:setTimeout',
    in: 0,
    created: 1.1,
    due: 30,
  },
  { kind: 'then', in: 0, created: 1.2, settled: 30.1, settledIn: 2 },
  { kind: 'race', at: 'root;handler#5', in: 0, created: 1.2, awaits: LOADED },
  { kind: 'race', at: 'root;handler#5', in: 0, created: 1.2, awaits: 4 },
  { kind: 'await', at: 'root;handler#5', in: 0, created: 1.3, awaits: 6 },
]

const race: CaptureText = {
  end: 31,
  segments: [
    [0, 0, 2],
    [1, 30, 30.1],
    [2, 30.1, 30.2],
    [3, 30.2, 31],
  ],
  runs: [0, TIMER, 8, 9],
  operations,
}

/** The race with one of its operations changed. */
function raceWith(operation: number, change: Partial<OperationText>): CaptureText {
  const changed = operations.map((each, i) => (i + 1 === operation ? { ...each, ...change } : each))
  return { ...race, operations: changed }
}

const unfinished = (text: CaptureText): string[] =>
  waitsOf(text).filter((wait) => wait.endsWith('unfinished'))

it('a timeout leaves behind what it was too early for, until it was over', () => {
  expect(unfinished(race)).toEqual(['await at handler#5;loadUser#9 1/1-30.1 unfinished'])
})

it('so do awaits further in, that came later', () => {
  const inner: OperationText[] = [
    { kind: 'callback', at: 'root;handler#5;loadUser#9;node:query', in: 0, created: 1 },
    { kind: 'await', at: 'loadUser#10', in: 4, created: 10, awaits: ANSWER },
  ]
  const text = {
    ...race,
    segments: [[0, 0, 2], [4, 9, 10.1], ...race.segments.slice(1)] as CaptureText['segments'],
    runs: [...race.runs!, 10],
    operations: [...operations, ...inner],
  }
  expect(unfinished(text)).toContainEqual(
    expect.stringMatching(/^await at .*loadUser#10 1\/10-30.1/)
  )
})

it.each([
  ['a race that no timer has won', raceWith(TIMER, { due: NaN })],
  ['what had its answer in time', raceWith(LOADED, { settled: 20, settledIn: 0 })],
  ['what was started elsewhere', raceWith(WAIT, { in: 3, created: 30.3 })],
  ['Promise.all', raceWith(8, { kind: 'all' })],
])('nothing is left behind by %s', (_what, text) => {
  expect(unfinished(text)).toEqual([])
})

it('where each comes from is found in one pass, however long the loop before it was', () => {
  const LOOPS = 500
  const at = (loop: number): number => 3 + (20 * loop) / LOOPS
  const loops = Array.from({ length: LOOPS }, (_, loop): OperationText[] => {
    const step: OperationText = { in: loop === 0 ? 0 : 3 + loop, created: at(loop), awaits: ANSWER }
    return [step, step]
  })
  const capture = buildCapture({
    ...race,
    segments: [
      race.segments[0]!,
      ...loops.map((_, loop): [number, number, number] => [
        4 + loop,
        at(loop) + 0.01,
        at(loop) + 0.02,
      ]),
      ...race.segments.slice(1),
    ],
    runs: [...race.runs!, ...loops.map((_, loop) => operations.length + 1 + 2 * loop)],
    operations: [...operations, ...loops.flat()],
  })
  let asked = 0
  const counting = {
    ...capture.operations,
    createdIn(operation: number) {
      asked++
      return capture.operations.createdIn(operation)
    },
  }
  const lost = lostAwaits({ ...capture, operations: counting }, findCauses(capture))
  expect(lost).toHaveLength(LOOPS + 1)
  expect(asked).toBeLessThan(10 * counting.count)
})
