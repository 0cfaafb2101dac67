import { transform } from 'esbuild'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sourceFiles } from '../../runtimes/common/source-files.ts'
import type { SourceFiles } from '../../src/adapter.ts'
import type { SessionData } from '../../src/session/records.ts'
import { normalizeWithSources } from '../../src/source/index.ts'
import { bindProfiler } from '../helpers/bound-profiler.ts'
import { buildCapture, every, repeat, ROOT } from '../helpers/build-capture.ts'

const ORDERS = `export function loadOrders(): string {
  return 'orders'
}
`

let folder = ''

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hono-profiler-reports-')))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Writes what `source` becomes, with a map, in which `loadOrders` is on line 1. */
async function writeScript(name: string, source: string): Promise<string> {
  const options = { loader: 'ts', sourcemap: true, sourcefile: 'orders.ts' } as const
  const { code, map } = await transform(source, options)
  const script = join(folder, name)
  await writeFile(script, `${code}//# sourceMappingURL=${name}.map\n`)
  await writeFile(`${script}.map`, map)
  return script
}

/** The report of a request that spent its time in the first function of a script. */
function reportOf(
  script: string,
  {
    sourceText = true,
    files = sourceFiles,
    ownFiles = [],
  }: { sourceText?: boolean; files?: SourceFiles; ownFiles?: string[] } = {}
): Promise<SessionData> {
  const capture = buildCapture({
    end: 10,
    segments: [[0, 0, 10]],
    samples: every(0, ...repeat('root', 9)),
  })
  const url = pathToFileURL(script).href
  const fn = { name: 'loadOrders', url, line: 1, column: 17 }
  const frames = [
    { function: ROOT, line: 0, column: 0 },
    { function: fn, line: 2, column: 3 },
  ]
  capture.samples.frames = () => frames
  capture.files = files
  const context = {
    description: 'GET /orders',
    runtime: 'node',
    runtimeVersion: '24.0.0',
    paths: { projectRoot: folder, ownFiles },
  }
  return normalizeWithSources(capture, context, {
    sourceText: () => sourceText,
    uncounted: (work) => work(),
  })
}

const placeOf = ({ functions }: SessionData): string | undefined => {
  const fn = functions.find(({ name }) => name === 'loadOrders')
  return fn && `${fn.fileShort}:${fn.line}`
}

it('parse a map once, and anew when it has changed', async () => {
  const script = await writeScript('cached.js', ORDERS)
  const parse = vi.spyOn(JSON, 'parse')
  const mapsParsed = (): number =>
    parse.mock.calls.filter(([json]) => json.includes('"mappings"')).length
  try {
    expect(placeOf(await reportOf(script))).toBe('orders.ts:1')
    expect(placeOf(await reportOf(script))).toBe('orders.ts:1')
    expect(mapsParsed()).toBe(1)
    await writeScript('cached.js', `\n\n// Some lines more\n${ORDERS}`)
    await writeFile(script, `${ORDERS.replace(': string', '')}//# sourceMappingURL=cached.js.map\n`)
    expect(placeOf(await reportOf(script))).toBe('orders.ts:4')
    expect(mapsParsed()).toBe(2)
  } finally {
    parse.mockRestore()
  }
})

it.each([
  ['broken', (script: string) => writeFile(`${script}.map`, '{ broken')],
  ['missing', (script: string) => rm(`${script}.map`)],
])('keep the raw position where a map is %s, and say so once', async (name, spoil) => {
  const script = await writeScript(`${name}.js`, ORDERS)
  await spoil(script)
  const data = await reportOf(script)
  expect(placeOf(data)).toBe(`${name}.js:1`)
  expect(data.meta.notes).toEqual([
    expect.stringContaining(`the source map of ${script} is not used: `),
  ])
})

it("leave the maps of the profiler's own files alone", async () => {
  const script = await writeScript('own.js', ORDERS)
  const map = vi.fn((url: string) => sourceFiles.map(url))
  await reportOf(script, { files: { ...sourceFiles, map }, ownFiles: [script] })
  expect(map.mock.calls).toEqual([])
})

it('keep the raw position when what reads sources cannot be loaded, and say so', async () => {
  const script = await writeScript('unloaded.js', ORDERS)
  const load = () => Promise.reject(new Error("Cannot find module '@babel/parser'"))
  const data = await reportOf(script, { files: { ...sourceFiles, load } })
  expect(placeOf(data)).toBe('unloaded.js:1')
  expect(data.meta.notes).toEqual([
    "source maps and sources are not read: Cannot find module '@babel/parser'",
  ])
})

it('hold source text only when they may', async () => {
  const script = await writeScript('text.js', ORDERS)
  expect(JSON.stringify(await reportOf(script))).toContain("return 'orders'")
  expect(JSON.stringify(await reportOf(script, { sourceText: false }))).not.toContain("'orders'")
})

const BURNING = `let burnt = 0
module.exports = function burnHere() {
  const end = Date.now() + 20
  while (Date.now() < end) {
    burnt++
  }
}
`

it.each([
  [{ NODE_ENV: 'development' }, {}, true],
  [{ NODE_ENV: 'development' }, { sourceText: false }, false],
  [{ NODE_ENV: 'production' }, {}, false],
  [{ NODE_ENV: 'production' }, { sourceText: true }, true],
])('with %o and %o hold source text: %s', async (environment, options, isHeld) => {
  const script = join(folder, 'burning.cjs')
  await writeFile(script, BURNING)
  const burnHere = createRequire(import.meta.url)(script) as () => void
  const { session } = await bindProfiler(environment).profile(burnHere, options)
  expect(session.data.sources?.map(({ file }) => file) ?? []).toEqual(isHeld ? [script] : [])
  expect(JSON.stringify(session).includes('burnt++')).toBe(isHeld)
})
