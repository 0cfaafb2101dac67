import fc from 'fast-check'
import type { ProcessorOptions } from '../../src/processors.ts'
import type { SessionData } from '../../src/session/records.ts'
import { buildSession } from './build-session.ts'

/** Few names and all origins, so that recursion, repeated calls and runs of library frames are common. */
const frame = fc.constantFrom(
  'a',
  'b',
  'b@src/other.ts:3',
  '(anonymous)@src/app.ts:8',
  '(anonymous)@src/app.ts:9',
  'a#7',
  'lib:hono/compose',
  'lib:hono/dispatch',
  'lib:zod/parse',
  'runtime:read',
  'native:stringify',
  'profiler:run',
  'profiler:span'
)

const leaf = fc.constantFrom('[self]', '[gc]', '[await]', '[blocked]')

const sample = fc
  .tuple(fc.array(frame, { maxLength: 8 }), leaf, fc.integer({ min: 0, max: 200_000 }))
  .map(([frames, state, us]) => `${[...frames, state].join(';')} ${us / 1000}`)

/** Sessions with up to 40 samples; waits, spans and blockers lie within them. */
export const arbitrarySession: fc.Arbitrary<SessionData> = fc
  .record({
    samples: fc.array(sample, { maxLength: 40 }),
    startTime: fc.integer({ min: 0, max: 1_000_000 }),
    notes: fc.subarray(['a limit was reached', 'the sampler could not start']),
    parts: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), frame), { maxLength: 3 }),
  })
  .map(({ samples, startTime, notes, parts }) => {
    const text = samples.join('\n')
    const { duration } = buildSession(text).meta
    const wholeMs = (part: number): number => Math.floor(part * duration)
    return buildSession(text, {
      meta: { startTime, notes },
      waits: parts.map(([part, path]) => ({ path, start: 0, end: wholeMs(part) })),
      blockers: parts.map(([part, path]) => ({ path, start: 0, duration: wholeMs(part) })),
      spans: parts.map(([part, name], i) => ({
        name,
        start: 0,
        end: wholeMs(part),
        parent: i - 1,
      })),
    })
  })

/** Options that meet the files of those sessions. */
export const arbitraryOptions: fc.Arbitrary<ProcessorOptions> = fc.record(
  {
    filterThreshold: fc.double({ min: 0, max: 1, noNaN: true }),
    hide: fc.constantFrom<RegExp | string>('other', /app/, /./g),
    show: fc.constantFrom<RegExp | string>('hono', /app\.ts$/),
  },
  { requiredKeys: [] }
)
