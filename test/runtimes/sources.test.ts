import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** Each function of the program, with the text of the line that defines it. */
const FUNCTIONS: Record<string, string> = {
  'GET /orders/:id handler': "app.get('/orders/:id'",
  'Orders.open': 'static async open()',
  'new Orders': 'constructor(',
  'get Orders.total': 'get total()',
  'Orders.load': 'async load()',
  'Orders.#sum': '#sum(): number',
  'Orders.pages': 'async *pages()',
  list: 'list() {',
  View: 'const View =',
}

interface Output {
  functions: [name: string, file: string, line: number][]
  notes: string[]
  /** Of a second session. */
  laterNotes: string[]
}

let folder = ''
let program = ''

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sources-')))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = { jsx: 'react-jsx', jsxImportSource: 'hono/jsx' }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  program = await readFile(join(root, 'test/fixtures/sources/program.tsx'), 'utf8')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const entry = (runtime: string): string => join(root, `runtimes/${runtime}/index.ts`)

/** Writes the program so that it imports a runtime's own entry. */
async function write(runtime: string): Promise<string> {
  const path = join(folder, `${runtime}.tsx`)
  await writeFile(path, program.replace("'hono-profiler'", JSON.stringify(entry(runtime))))
  return path
}

async function bundle(path: string, options: BuildOptions): Promise<string> {
  const outfile = join(
    folder,
    `${options.minify ? 'min' : 'plain'}-${String(options.sourcemap)}.js`
  )
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    external: [entry('*')],
    ...options,
  })
  return outfile
}

/** Like `tsc` with `sourceMap`. */
async function compile(path: string, runtime: string): Promise<string> {
  const { outputText, sourceMapText } = ts.transpileModule(await readFile(path, 'utf8'), {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.ReactJSX,
      sourceMap: true,
    },
  })
  const out = join(folder, `${runtime}.js`)
  await writeFile(out, outputText)
  await writeFile(`${out}.map`, sourceMapText!)
  return out
}

/** An index map: the map as a section of another one. */
async function withIndexMap(script: string): Promise<string> {
  const map: unknown = JSON.parse(await readFile(`${script}.map`, 'utf8'))
  const sections = [{ offset: { line: 0, column: 0 }, map }]
  const out = script.replace(/\.js$/, '-index.js')
  const text = await readFile(script, 'utf8')
  await writeFile(out, text.replace(/sourceMappingURL=.*/, 'sourceMappingURL=index.js.map'))
  await writeFile(join(folder, 'index.js.map'), JSON.stringify({ version: 3, sections }))
  return out
}

async function run(command: string, args: string[]): Promise<Output> {
  const { stdout } = await promisify(execFile)(bin(command), args, { cwd: folder })
  return JSON.parse(stdout) as Output
}

function expectAll({ functions, notes }: Output, file: string, expected: unknown[] = []): void {
  const lines = program.split('\n')
  const found = new Map(functions.map(([name, path, line]) => [name, `${path}:${line}`]))
  for (const [name, text] of Object.entries(FUNCTIONS)) {
    const line = lines.findIndex((candidate) => candidate.includes(text)) + 1
    expect([name, found.get(name)]).toEqual([name, `${file}:${line}`])
  }
  expect(notes).toEqual(expected)
}

const DENO = ['run', '-A', '--no-check', '--no-lock']

describe('one program, run in many ways', () => {
  it('tsx', async () => {
    const path = await write('node')
    const joined: unknown = expect.stringMatching(
      /lines of functions in node\.tsx are not told apart/
    )
    expectAll(await run('tsx', [path]), path, [joined])
  })

  it.each([
    ['a bundle with its map beside it', { sourcemap: true }],
    ['a bundle with its map inside', { sourcemap: 'inline' }],
    ['a minified bundle', { sourcemap: true, minify: true }],
  ] satisfies [string, BuildOptions][])('Node: %s', async (_way, options) => {
    const path = await write('node')
    expectAll(await run('node', [await bundle(path, options)]), path)
  })

  it('Node: what tsc made, with its map and with an index map', async () => {
    const path = await write('node')
    const script = await compile(path, 'node')
    expectAll(await run('node', [script]), path)
    expectAll(await run('node', [await withIndexMap(script)]), path)
  })

  it('Bun: TypeScript, with the preload and without, and what tsc made', async () => {
    const path = await write('bun')
    const preload = ['--preload', join(root, 'runtimes/bun/preload.ts')]
    expectAll(await run('bun', [path]), path)
    expectAll(await run('bun', [...preload, path]), path)
    expectAll(await run('bun', [await compile(path, 'bun')]), path)
  })

  it('Deno: TypeScript, and what tsc made', async () => {
    const path = await write('deno')
    expectAll(await run('deno', [...DENO, path]), path)
    expectAll(await run('deno', [...DENO, await compile(path, 'deno')]), path)
  })

  it('says once in each session that a map is broken, and names what runs', async () => {
    const script = await compile(await write('node'), 'node')
    await writeFile(`${script}.map`, '{ broken')
    const { functions, notes, laterNotes } = await run('node', [script])
    const expected = [expect.stringMatching(/the source map of .*node\.js is not used: /)]
    expect([notes, laterNotes]).toEqual([expected, expected])
    expect(functions).toContainEqual(['Orders.load', script, expect.any(Number)])
  })
})
