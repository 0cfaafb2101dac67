import { beforeAll, describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { functionAt } from '../../runtimes/bun/source-functions.ts'
import { IDLE_STACK } from '../../src/adapter.ts'
import type { CapturedSamples } from '../../src/adapter.ts'
import type { JscTrace } from '../../src/normalize/jsc-frames.ts'
import { TraceLog } from '../../src/normalize/jsc-traces.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/jsc/${name}`, import.meta.url))

/** Traces of `main` in orders.ts, one every millisecond, recorded under Bun 1.4.5. */
let traces: JscTrace[]

beforeAll(async () => {
  traces = JSON.parse(await readFile(fixture('orders.json'), 'utf8')) as JscTrace[]
})

function read(log: TraceLog): CapturedSamples {
  log.add(traces, 0)
  return log.samples(traces[0]!.timestamp * 1e6, traces.at(-1)!.timestamp * 1e6, 1000)
}

/** The application's part of every stack, like `main#43 > save#23`. */
function stacksOf(samples: CapturedSamples): Set<string> {
  const stacks = new Set<string>()
  for (const stack of Array.from(samples.stack)) {
    if (stack >= 0) {
      const frames = samples.frames(stack)
      const main = frames.findIndex((frame) => frame.function.name === 'main')
      const shown = frames.slice(Math.max(main, 0))
      stacks.add(shown.map((frame) => `${frame.function.name}#${frame.line}`).join(' > '))
    }
  }
  return stacks
}

const withSource = (): TraceLog =>
  new TraceLog({
    functionAt: (url, line, column) =>
      url === '/app/orders.ts' ? functionAt(fixture('orders.ts'), line, column) : undefined,
    columnOf: (_url, _line, column) => column,
  })

describe('stacks', () => {
  it('show an async function once, though its wrapper and its body are frames', () => {
    const stacks = stacksOf(read(withSource()))
    expect(stacks).toContain('main#43 > save#22 > burn#3')
    expect(stacks).toContain('main#43 > save#23 > save#10 > burn#3')
    expect(stacks).toContain('save#12 > burn#3')
  })

  it('keep a method and the one of its base class apart, though they have one name', () => {
    expect(stacksOf(read(withSource()))).toContain('main#44 > sum#27 > sum#16 > burn#3')
  })

  it('keep every call of a function that calls itself', () => {
    const stacks = stacksOf(read(withSource()))
    expect(stacks).toContain('main#48 > countdown#34 > countdown#34 > countdown#37 > burn#3')
  })

  it('name native functions and regular expressions, without a line', () => {
    const stacks = stacksOf(read(withSource()))
    expect(stacks).toContain('main#49 > stringify#0')
    expect(stacks).toContain('main#50 > test#0 > /(a+)+b/#0')
    expect(stacks).toContain('main#45 > map#0 > #46 > burn#3')
  })

  it('show an async function once without the source, too', () => {
    expect(stacksOf(read(new TraceLog()))).toContain('main#43 > save#22 > burn#3')
  })
})

it('finds where functions are defined', () => {
  const samples = read(withSource())
  const functions = Array.from(samples.stack)
    .filter((stack) => stack >= 0)
    .flatMap((stack) => samples.frames(stack).map((frame) => frame.function))
  const lines = (name: string): number[] => [
    ...new Set(functions.filter((fn) => fn.name === name).map(({ line }) => line)),
  ]
  expect(lines('burn')).toEqual([1])
  expect(lines('save')).toEqual([21, 9])
  expect(lines('stringify')).toEqual([0])
})

it('knows nameless functions that tell no position by other frames of their code', () => {
  const frame = (location: string, line: number): JscTrace['frames'][number] => ({
    name: '',
    location,
    sourceURL: '/app/a.ts',
    line,
    column: 3,
  })
  const log = new TraceLog({
    functionAt: (_url, line) => ({ name: '', line, column: 1, endLine: line, endColumn: 9 }),
    columnOf: (_url, _line, column) => column,
  })
  const frames = [frame('#one:Baseline:bc#1', 4), frame('#two:Baseline:bc#1', 8)]
  const untold = ['#one:FTL:<nil>', '#new:<nil>'].map((location) => frame(location, 0xffff_ffff))
  log.add(
    [...frames, ...untold].map((each, i) => ({ timestamp: i / 1e6, frames: [each] })),
    0
  )
  const samples = log.samples(0, 3, 1000)
  const lines = Array.from(samples.stack, (stack) => samples.frames(stack)[0]!.function.line)
  expect(lines).toEqual([4, 8, 4, 0])
  expect(log.untoldShare(0, 3)).toBe(0.25)
})

it('fills a gap with idle samples at both of its ends', () => {
  const { timeUs, stack } = read(withSource())
  const idle = Array.from(stack).flatMap((entry, i) => (entry === IDLE_STACK ? [timeUs[i]!] : []))
  expect(idle).toHaveLength(2)
  const startUs = traces[0]!.timestamp * 1e6
  // The sleep of 12 ms began 6 ms after the first sample.
  expect(idle[0]! - startUs).toBeGreaterThan(3000)
  expect(idle[1]! - idle[0]!).toBeGreaterThan(10_000)
  expect(Array.from(timeUs)).toEqual(Array.from(timeUs).sort((a, b) => a - b))
})

it('forgets what is older than asked for', () => {
  const log = withSource()
  log.add(traces, 0)
  const middleUs = traces[20]!.timestamp * 1e6
  log.since(middleUs)
  const { timeUs } = log.samples(0, Infinity, 1000)
  expect(Array.from(timeUs).filter((us) => us >= middleUs).length).toBeGreaterThan(10)
  log.since(Infinity)
  expect(Array.from(log.samples(middleUs, middleUs, 1000).stack)).toEqual([])
})

it('forgets the stacks of forgotten samples when it knows many, and gives those that stay as before', () => {
  const middle = traces.length >> 1
  const startUs = traces[middle]!.timestamp * 1e6
  const endUs = traces.at(-1)!.timestamp * 1e6
  const log = new TraceLog(undefined, 1)
  log.add(traces, 0)
  const before = log.samples(startUs, endUs, 1000)
  const later = log.since(startUs)
  expect(later).not.toBe(log)
  const after = later.samples(startUs, endUs, 1000)
  expect(Array.from(after.timeUs)).toEqual(Array.from(before.timeUs))
  const framesOf = (samples: CapturedSamples): unknown[] =>
    Array.from(samples.stack, (stack) => (stack < 0 ? stack : samples.frames(stack)))
  expect(framesOf(after)).toEqual(framesOf(before))
  expect(Math.max(...Array.from(after.stack))).toBeLessThan(Math.max(...Array.from(before.stack)))
  expect(later.since(startUs)).toBe(later)
})
