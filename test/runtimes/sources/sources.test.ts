import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningServer } from '../workerd/dev-server.ts'
import { modes } from '../workerd/modes.ts'
import { startVite } from '../workerd/start-vite.ts'
import { startWrangler } from '../workerd/start-wrangler.ts'
import {
  compileWithTsc,
  esbuildBundle,
  rolldownBundle,
  tsupBundle,
  viteBundle,
  withIndexMap,
} from './build.ts'
import type { Program, Recorded } from './program.ts'
import { run, useDecorators, writeProgram } from './program.ts'
import { runWorker } from './workerd.ts'

let program: Program
let folder = ''

beforeAll(async () => {
  program = await writeProgram()
  folder = program.folder
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs of a program: samples are chance, so what one misses may be in another. */
const MOST_RUNS = 4

const fileOf = (place: string): string => place.replace(/:\d+$/, '')

interface Expected {
  expected?: Record<string, string>
  notes?: RegExp
  /** Functions whose line is not told apart from others. */
  joined?: readonly string[]
  /** What the paths of frames are relative to; empty where the runtime does not know the project's folder. */
  root?: string
  /** Whether nameless functions may be without a line: Bun does not tell it while they are first called. */
  mayBeUntold?: boolean
}

/** Finds every function at its file and line, and the time at the line in it that computes. */
async function expectAll(
  runProgram: () => Promise<Recorded[]>,
  {
    expected = program.expected('program'),
    notes = /^$/,
    joined = [],
    root = `${folder}/`,
    mayBeUntold = false,
  }: Expected = {}
): Promise<void> {
  const found = new Map(Object.keys(expected).map((name) => [name, new Set<string>()]))
  const sources = new Set(Object.values(expected).map(fileOf))
  const told = Object.entries(expected).filter(([name]) => !joined.includes(name))
  const missing = new Set(told.map(([, place]) => program.computingLine(place)))
  const isMissing = (): boolean =>
    missing.size > 0 || [...found.values()].some(({ size }) => size === 0)
  for (let runs = 0; runs < MOST_RUNS && isMissing(); runs++) {
    for (const recording of await runProgram()) {
      for (const [name, file, line] of recording.functions) {
        found.get(name)?.add(`${file}:${line}`)
      }
      const lines = recording.lines.filter(([file, line]) => line > 0 && sources.has(file))
      for (const [file, line, text] of lines) {
        const place = `${file}:${line}`
        missing.delete(place)
        expect([place, text]).toEqual([place, program.textAt(place)])
      }
      for (const [name, short] of recording.shortPaths.filter(([each]) => found.has(each))) {
        expect(`${root}${short}`).toBe(fileOf(expected[name]!))
      }
      expect(recording.functions.filter(([, , line]) => line === 0 && !mayBeUntold)).toEqual([])
      expect(recording.notes.filter((note) => !notes.test(note))).toEqual([])
    }
  }
  const places = [...found].map(([name, at]) => [name, [...at].join()])
  expect(Object.fromEntries(places)).toEqual(expected)
  expect([...missing]).toEqual([])
}

/** What keeps names makes its own static block the first one of a class, of which the map says nothing. */
function withNames(): Record<string, string> {
  const { 'static Counter': _, ...expected } = program.expected('program')
  return expected
}

const node = (...args: string[]): Promise<Recorded[]> => run(folder, 'node', ...args)
const bun = (...args: string[]): Promise<Recorded[]> => run(folder, 'bun', ...args)
const deno = (...args: string[]): Promise<Recorded[]> =>
  run(folder, 'deno', 'run', '-A', '--no-check', '--no-lock', '--node-modules-dir=manual', ...args)

describe.each(['standard', 'legacy'] as const)('with %s decorators', (decorators) => {
  beforeAll(() => useDecorators(folder, decorators))

  it('tsx', async () => {
    const notes = /lines of functions in .+ are not told apart/
    await expectAll(() => run(folder, 'tsx', 'print-program.ts'), {
      expected: withNames(),
      notes,
      joined: ['makeCounter'],
    })
  })

  it('tsc', async () => {
    const script = await compileWithTsc(folder)
    await expectAll(() => node(script))
    await expectAll(() => bun(script), { mayBeUntold: true })
    await expectAll(() => deno(script))
  })

  it('esbuild', async () => {
    const script = await esbuildBundle(folder)
    await expectAll(() => node(script))
    await expectAll(() => bun(script), { mayBeUntold: true })
    await expectAll(() => deno(script))
  })

  it('tsup', async () => {
    await expectAll(async () => node(await tsupBundle(folder, false)))
    await expectAll(async () => node(await tsupBundle(folder, true)))
  })

  it('Bun', async () => {
    await expectAll(() => bun('print-program.ts'), { mayBeUntold: true })
    const preload = join(folder, 'node_modules/hono-profiler/bun/preload.js')
    await expectAll(() => bun('--preload', preload, 'print-program.ts'), { mayBeUntold: true })
  })

  it('Deno', async () => {
    await expectAll(() => deno('print-program.ts'))
  })
})

describe('maps of bundles', () => {
  it.each([
    ['inside of the script', { sourcemap: 'inline' }],
    ['of a minified bundle', { sourcemap: true, minify: true }],
    ['of a minified bundle, inside of it', { sourcemap: 'inline', minify: true }],
    ['without the sources', { sourcemap: true, sourcesContent: false }],
  ] as const)('%s', async (_what, options) => {
    const script = await esbuildBundle(folder, options)
    await expectAll(() => node(script))
    await expectAll(() => bun(script), { mayBeUntold: true })
    await expectAll(() => deno(script))
  })

  it('index maps', async () => {
    await expectAll(async () => node(await withIndexMap(await esbuildBundle(folder))))
  })

  it('says once in each session that a map is broken, and names what runs', async () => {
    const script = await esbuildBundle(folder)
    await writeFile(`${script}.map`, '{ broken')
    const recorded = await node(script)
    const expected: unknown[] = [expect.stringMatching(/the source map of .*\.js is not used: /)]
    expect(recorded.map(({ notes }) => notes)).toEqual(recorded.map(() => expected))
    expect(recorded[0]!.functions).toContainEqual(['Orders.load', script, expect.any(Number)])
  })
})

describe('tools that know the decorators of experimentalDecorators only', () => {
  beforeAll(() => useDecorators(folder, 'legacy'))

  it('vite build', async () => {
    await expectAll(async () => node(await viteBundle(folder)))
  })

  it.each([false, true])('rolldown, minified: %s', async (minify) => {
    await expectAll(async () => node(await rolldownBundle(folder, minify)))
  })

  it('the development server of @hono/vite-dev-server', async () => {
    await expectAll(() => node(join(folder, 'vite-dev-server.mjs')))
  })
})

describe("Node's own TypeScript", () => {
  it('by leaving out the types', async () => {
    await expectAll(() => node('print-erasable.ts'), {
      expected: program.expected('erasable'),
    })
  })

  it('by transforming them', async () => {
    await expectAll(() => node('--experimental-transform-types', 'print-transformed.ts'), {
      expected: program.expected('transformed'),
    })
  })
})

describe('workerd', () => {
  beforeAll(() => useDecorators(folder, 'standard'))

  it.each(modes.filter(({ isSampled }) => isSampled))('$mode', async (mode) => {
    await expectAll(() => runWorker(folder, mode), {
      expected: withNames(),
      joined: ['makeCounter'],
      root: '',
    })
  })
})

describe.each([
  {
    name: 'wrangler dev',
    start: startWrangler,
    decorators: 'standard',
    expected: (): Expected => ({ expected: withNames(), joined: ['makeCounter'] }),
  },
  {
    name: "Cloudflare's plugin of Vite",
    start: startVite,
    decorators: 'legacy',
    expected: (): Expected => ({ root: '' }),
  },
] as const)('$name', ({ start, decorators, expected }) => {
  let server: RunningServer | undefined

  // With a cold cache, they are fetched first.
  beforeAll(async () => {
    await useDecorators(folder, decorators)
    server = await start({ folder, main: 'program.tsx' })
  }, 300_000)

  afterAll(() => server?.stop())

  it('finds every function', async () => {
    const ask = async (): Promise<Recorded[]> =>
      (await (await fetch(server!.url)).json()) as Recorded[]
    await expectAll(ask, expected())
  })
})
