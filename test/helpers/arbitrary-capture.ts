import fc from 'fast-check'
import type { OperationKind } from '../../src/adapter.ts'
import type { CaptureText, OperationText } from './build-capture.ts'

const kind = fc.constantFrom<OperationKind>('await', 'then', 'all', 'race', 'any', 'callback')

/** Few functions, so that resumed ones are often on the path already; with and without the root. */
const stack = fc
  .tuple(
    fc.constantFrom('root;', ''),
    fc.array(fc.constantFrom('a', 'b#3', 'b#4', 'c', 'node:read', 'native:now'), { maxLength: 4 })
  )
  .map(([root, frames]) => root + frames.join(';'))

const ms = (max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: max * 1000 }).map((us) => us / 1000)
const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

interface Stretch {
  gap: number
  length: number
  /** Which of the operations that have not run yet is resumed; a run that has begun goes on when there is none. */
  resumes: number
  operations: { kind: OperationKind; at: string; awaits: number; settledIn: number; due: boolean }[]
}

const stretch: fc.Arbitrary<Stretch> = fc.record({
  gap: fc.oneof(fc.constant(0), ms(0.2), ms(8)),
  length: fc.oneof(fc.constant(0), ms(0.5), ms(6)),
  resumes: part,
  operations: fc.array(
    fc.record({ kind, at: stack, awaits: part, settledIn: part, due: fc.boolean() }),
    { maxLength: 3 }
  ),
})

const pick = (length: number, position: number): number => Math.floor(position * length)

/** Segments and operations as a runtime could have seen them: what runs was created before. */
function follow(stretches: Stretch[]): Pick<CaptureText, 'segments' | 'runs' | 'operations'> {
  const segments: CaptureText['segments'] = []
  const runs = [0]
  const operations: OperationText[] = []
  const waiting: number[] = []
  let clock = 0
  stretches.forEach(({ gap, length, resumes, operations: created }, i) => {
    let run = 0
    if (i > 0) {
      const [operation] = waiting.splice(pick(waiting.length, resumes), 1)
      run = operation === undefined ? pick(runs.length, resumes) : runs.push(operation) - 1
    }
    const start = clock + gap
    clock = start + length
    segments.push([run, start, clock])
    for (const { kind, at, awaits, settledIn, due } of created) {
      const others = operations.length + 1
      operations.push({
        kind,
        at,
        in: run,
        created: start + length / 2,
        awaits: pick(others + 1, awaits) - 1,
        settled: clock,
        settledIn: pick(runs.length + 1, settledIn) - 1,
        due: due ? clock + 1 : undefined,
      })
      waiting.push(operations.length)
    }
  })
  return { segments, runs, operations }
}

const samples = fc.array(
  fc.tuple(part, fc.oneof(stack, fc.constantFrom('(idle)', '(program)', '(gc)'))),
  { maxLength: 60 }
)

/** Captures of up to 20 segments. Samples and pauses lie anywhere from before the request to after it. */
export const arbitraryCapture: fc.Arbitrary<CaptureText> = fc
  .record({
    stretches: fc.array(stretch, { maxLength: 20 }),
    samples,
    pauses: fc.array(part, { maxLength: 10 }),
    start: part,
    end: part,
  })
  .map(({ stretches, samples, pauses, start, end }) => {
    const seen = follow(stretches)
    const last = seen.segments.at(-1)?.[2] ?? 1
    const first = seen.segments[0]
    const anywhere = (position: number): number => (position * 1.4 - 0.2) * last
    const ends = pauses.map(anywhere).sort((a, b) => a - b)
    const starts = first ? first[1] + start * (first[2] - first[1]) : 0
    return {
      ...seen,
      start: starts,
      end: starts + (last - starts) * (0.5 + end),
      samples: samples
        .map(([position, text]): [number, string] => [anywhere(position), text])
        .sort((a, b) => a[0] - b[0]),
      pauses: ends.flatMap((at, i): [number, number][] =>
        i % 2 === 1 ? [[ends[i - 1]!, at]] : []
      ),
    }
  })
