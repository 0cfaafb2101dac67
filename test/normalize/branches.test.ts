import { describe, expect, it } from 'vitest'
import type { CaptureText } from '../helpers/build-capture.ts'
import { sessionOf, timelineOf, waitsOf } from '../helpers/build-capture.ts'

type Segments = CaptureText['segments']

/**
 * Three branches of 10, 20 and 15 ms. Each has a timer, a promise that the timer settles, and a reaction that
 * runs right after; the reaction of the last branch (of a race: the first) settles what the handler awaits.
 */
function branches(kind: 'all' | 'race'): CaptureText {
  const at = 'root;handler#4'
  const endings = [11, 21, 16]
  const deciding = kind === 'all' ? 1 : 0
  const decided = endings[deciding]! + 0.1
  const timerRun = (branch: number): number => 1 + 2 * branch
  const segments: Segments = endings.flatMap((ms, branch): Segments => [
    [timerRun(branch), ms, ms + 0.05],
    [timerRun(branch) + 1, ms + 0.05, ms + 0.1],
  ])
  segments.push([0, 0, 1], [7, decided, decided + 0.9])
  return {
    end: decided + 0.9,
    segments: segments.sort((a, b) => a[1] - b[1]).filter(([, start]) => start <= decided),
    runs: [0, 1, 7, 2, 8, 3, 9, 11],
    operations: [
      ...endings.map((due, branch) => {
        const load = `load${'ABC'[branch]}#${branch + 1}`
        return { kind: 'callback', at: `${at};${load};node:setTimeout`, in: 0, created: 1, due }
      }),
      ...endings.map((settled, branch) => {
        return { kind: 'then', in: 0, created: 1, settled, settledIn: timerRun(branch) }
      }),
      ...[4, 5, 6].map((awaits) => ({ kind, at, in: 0, created: 1, awaits })),
      { kind: 'then', in: 0, created: 1, settled: decided, settledIn: timerRun(deciding) + 1 },
      { kind: 'await', at, in: 0, created: 1, awaits: 10, settled: decided },
    ] as CaptureText['operations'],
  }
}

describe('branches', () => {
  const waiting = (text: CaptureText): string[] =>
    timelineOf(sessionOf(text)).filter((line) => line.includes('[await]'))

  it('of Promise.all: each gap is the branch that ends it, and the longest is critical', () => {
    expect(waiting(branches('all'))).toEqual([
      'handler#4;loadA#1;setTimeout;[await] 10',
      'handler#4;loadC#3;setTimeout;[await] 4.9',
      'handler#4;loadB#2;setTimeout;[await] 4.9',
    ])
    const rows = waitsOf(branches('all'))
    expect(rows.filter((row) => row.endsWith('critical'))).toEqual([
      expect.stringContaining('loadB#2'),
      expect.stringMatching(/^await at handler#4 1\/1-21.1/),
    ])
  })

  it('of Promise.all that somebody else settles stand where all of them are awaited', () => {
    const text = branches('all')
    const [, , , answer] = text.operations!
    delete answer!.settledIn
    const runs = text.runs!.map((operation) => (operation === 1 ? -1 : operation))
    const segments = text.segments.filter(([run]) => runs[run] !== -1)
    expect(waiting({ ...text, runs, segments })).toEqual([
      'handler#4;[await] 10.05',
      'handler#4;loadC#3;setTimeout;[await] 4.9',
      'handler#4;loadB#2;setTimeout;[await] 4.9',
    ])
  })

  it('that lose a race are no place where the request waits', () => {
    expect(waiting(branches('race'))).toEqual(['handler#4;loadA#1;setTimeout;[await] 10'])
  })
})
