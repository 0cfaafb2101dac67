import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  compileWithTsc,
  esbuildBundle,
  rolldownBundle,
  tsupBundle,
  viteBundle,
  withIndexMap,
} from './build.ts'
import type { Part, Program, Recorded } from './program.ts'
import { run, useDecorators, writeProgram } from './program.ts'

let program: Program
let folder = ''

beforeAll(async () => {
  program = await writeProgram()
  folder = program.folder
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function expectAll(recorded: Recorded[], part: Part = 'program'): void {
  expectPlaces(recorded, program.expected(part))
  expect(recorded.flatMap(({ notes }) => notes)).toEqual([])
}

/** Samples are chance: what one recording misses is in another. */
function expectPlaces(recorded: Recorded[], expected: Record<string, string>): void {
  const found = new Map<string, Set<string>>()
  for (const [name, file, line] of recorded.flatMap(({ functions }) => functions)) {
    found.set(name, (found.get(name) ?? new Set()).add(`${file}:${line}`))
  }
  const places = Object.keys(expected).map((name) => [name, [...(found.get(name) ?? [])].join()])
  expect(Object.fromEntries(places)).toEqual(expected)
}

const node = (...args: string[]): Promise<Recorded[]> => run(folder, 'node', ...args)
const bun = (...args: string[]): Promise<Recorded[]> => run(folder, 'bun', ...args)
const deno = (...args: string[]): Promise<Recorded[]> =>
  run(folder, 'deno', 'run', '-A', '--no-check', '--no-lock', '--node-modules-dir=manual', ...args)

describe.each(['standard', 'legacy'] as const)('with %s decorators', (decorators) => {
  beforeAll(() => useDecorators(folder, decorators))

  it('tsx', async () => {
    const recorded = await run(folder, 'tsx', 'print-program.ts')
    // It minifies, and the first static block of a class is one of its own, of which the map says nothing.
    const { 'static Counter': _, ...expected } = program.expected('program')
    expectPlaces(recorded, expected)
    for (const note of recorded.flatMap(({ notes }) => notes)) {
      expect(note).toMatch(/lines of functions in .+ are not told apart/)
    }
  })

  it('tsc', async () => {
    const script = await compileWithTsc(folder)
    expectAll(await node(script))
    expectAll(await bun(script))
    expectAll(await deno(script))
  })

  it('esbuild', async () => {
    const script = await esbuildBundle(folder)
    expectAll(await node(script))
    expectAll(await bun(script))
    expectAll(await deno(script))
  })

  it('tsup', async () => {
    expectAll(await node(await tsupBundle(folder, false)))
    expectAll(await node(await tsupBundle(folder, true)))
  })

  it('Bun', async () => {
    expectAll(await bun('print-program.ts'))
    const preload = join(folder, 'node_modules/hono-profiler/bun/preload.js')
    expectAll(await bun('--preload', preload, 'print-program.ts'))
  })

  it('Deno', async () => {
    expectAll(await deno('print-program.ts'))
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
    expectAll(await node(script))
    expectAll(await bun(script))
    expectAll(await deno(script))
  })

  it('index maps', async () => {
    expectAll(await node(await withIndexMap(await esbuildBundle(folder))))
  })

  it('says once in each session that a map is broken, and names what runs', async () => {
    const script = await esbuildBundle(folder)
    await writeFile(`${script}.map`, '{ broken')
    const recorded = await node(script)
    const expected = [expect.stringMatching(/the source map of .*\.js is not used: /)]
    expect(recorded.map(({ notes }) => notes)).toEqual(recorded.map(() => expected))
    expect(recorded[0]!.functions).toContainEqual(['Orders.load', script, expect.any(Number)])
  })
})

describe('tools that know the decorators of experimentalDecorators only', () => {
  beforeAll(() => useDecorators(folder, 'legacy'))

  it('vite build', async () => {
    expectAll(await node(await viteBundle(folder)))
  })

  it.each([false, true])('rolldown, minified: %s', async (minify) => {
    expectAll(await node(await rolldownBundle(folder, minify)))
  })

  it('the development server of @hono/vite-dev-server', async () => {
    expectAll(await node(join(folder, 'vite-dev-server.mjs')))
  })
})

describe("Node's own TypeScript", () => {
  it('by leaving out the types', async () => {
    expectAll(await node('print-erasable.ts'), 'erasable')
  })

  it('by transforming them', async () => {
    expectAll(await node('--experimental-transform-types', 'print-transformed.ts'), 'transformed')
  })
})
