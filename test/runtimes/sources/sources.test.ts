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
import type { Output, Part, Program } from './program.ts'
import { run, useDecorators, writeProgram } from './program.ts'

let program: Program
let folder = ''

beforeAll(async () => {
  program = await writeProgram()
  folder = program.folder
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function expectAll({ functions, notes }: Output, part: Part = 'program', expected: unknown[] = []) {
  const found = new Map(functions.map(([name, file, line]) => [name, `${file}:${line}`]))
  const places = Object.entries(program.expected(part)).map(([name]) => [name, found.get(name)])
  expect(Object.fromEntries(places)).toEqual(program.expected(part))
  expect(notes).toEqual(expected)
}

const node = (...args: string[]): Promise<Output> => run(folder, 'node', ...args)
const bun = (...args: string[]): Promise<Output> => run(folder, 'bun', ...args)
const deno = (...args: string[]): Promise<Output> =>
  run(folder, 'deno', 'run', '-A', '--no-check', '--no-lock', '--node-modules-dir=manual', ...args)

describe.each(['standard', 'legacy'] as const)('with %s decorators', (decorators) => {
  beforeAll(() => useDecorators(folder, decorators))

  it('tsx', async () => {
    const joined = expect.stringMatching(/lines of functions in .+ are not told apart/) as unknown
    expectAll(await run(folder, 'tsx', 'print-program.ts'), 'program', [joined])
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
    const { functions, notes, laterNotes } = await node(script)
    const expected = [expect.stringMatching(/the source map of .*\.js is not used: /)]
    expect([notes, laterNotes]).toEqual([expected, expected])
    expect(functions).toContainEqual(['Orders.load', script, expect.any(Number)])
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
