import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What the program prints of each of its recordings. */
export interface Recorded {
  /** Those of the application. */
  functions: [name: string, file: string, line: number][]
  /** The frames of its code. */
  shortPaths: [name: string, filePathShort: string][]
  /** Those that took time. */
  lines: [file: string, line: number, text: string][]
  notes: string[]
}

/** The parts of the program that can be run: each can do less, with less of TypeScript. */
export type Part = 'program' | 'transformed' | 'erasable'

/** Each function of a part, with the text of the line that defines it. */
const ERASABLE = {
  'GET /api/orders/:id handler': "orders.get('/orders/:id'",
  'new Orders': 'constructor(items',
  'get Orders.total': 'get total()',
  'Orders.open': 'static async open()',
  'Orders.load': 'async load()',
  'Orders.#sum': '#sum(): number',
  'Orders.pages': 'async *pages()',
  list: 'list() {',
  sorted: 'sorted: (items',
  makeCounter: 'function makeCounter',
  'static Counter': 'static count = 0',
}
const TRANSFORMED = { ...ERASABLE, 'Box.weigh': 'weigh(): number' }
const FUNCTIONS: Record<Part, Record<string, string>> = {
  erasable: ERASABLE,
  transformed: TRANSFORMED,
  program: {
    ...TRANSFORMED,
    'Audit.write': 'write(entry',
    'Audit.flush': 'static async flush()',
    View: 'const View =',
    Row: 'function Row(',
  },
}

/** A folder with the program, in which packages are found. */
export interface Program {
  folder: string
  /** Each function of a part, with its file and line. */
  expected(part: Part): Record<string, string>
  /** The line in a function, given by its file and line, that computes. */
  computingLine(place: string): string
  /** The text of a file and line. */
  textAt(place: string): string | undefined
}

/** Writes the program into a new folder, with the profiler as a package, built as it is shipped. */
export async function writeProgram(): Promise<Program> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hono-profiler-sources-')))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await useDecorators(folder, 'standard')
  await writePackages(join(folder, 'node_modules'))
  const fixtures = join(root, 'test/fixtures/sources')
  const lines = new Map<string, string>()
  for (const name of await readdir(fixtures)) {
    await copyFile(join(fixtures, name), join(folder, name))
    const text = await readFile(join(fixtures, name), 'utf8')
    text.split('\n').forEach((line, i) => lines.set(`${join(folder, name)}:${i + 1}`, line))
  }
  for (const name of ['program.tsx', 'transformed.ts', 'erasable.ts', 'slow.ts']) {
    const main = `import app from './${name}'\nconsole.log(await (await app.request('/')).text())\n`
    await writeFile(join(folder, `print-${name.split('.')[0]}.ts`), main)
  }
  const placeOf = (text: string): string =>
    [...lines].find(([, line]) => line.includes(text))?.[0] ?? ''
  return {
    folder,
    expected: (part) =>
      Object.fromEntries(
        Object.entries(FUNCTIONS[part]).map(([name, text]) => [name, placeOf(text)])
      ),
    computingLine(place) {
      const places = [...lines.keys()]
      const after = places.slice(places.indexOf(place))
      return after.find((each) => lines.get(each)!.includes('for (const end ='))!
    },
    textAt: (place) => lines.get(place),
  }
}

/** Says which decorators the tools are to understand. */
export async function useDecorators(folder: string, kind: 'standard' | 'legacy'): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    module: 'preserve',
    jsx: 'react-jsx',
    jsxImportSource: 'hono/jsx',
    experimentalDecorators: kind === 'legacy',
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
}

async function writePackages(modules: string): Promise<void> {
  const own = join(modules, 'hono-profiler')
  await mkdir(own, { recursive: true })
  for (const name of ['hono', '@hono', 'vite']) {
    await symlink(join(root, 'node_modules', name), join(modules, name))
  }
  const runtimes = ['workerd', 'bun', 'deno', 'node']
  const exports = Object.fromEntries(runtimes.map((name) => [name, `./${name}/index.js`]))
  const packageJson = { type: 'module', exports: { '.': exports } }
  await writeFile(join(own, 'package.json'), JSON.stringify(packageJson))
  await build({
    entryPoints: [
      ...runtimes.map((name) => join(root, `runtimes/${name}/index.ts`)),
      join(root, 'runtimes/bun/preload.ts'),
    ],
    outbase: join(root, 'runtimes'),
    outdir: own,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'node20',
    external: ['hono', 'node:*', 'bun:*', 'bun', 'cloudflare:*'],
    tsconfigRaw: '{}',
    logLevel: 'error',
  })
}

/** Runs a program of this project's dependencies, or Node, and reads what it printed. */
export async function run<T = Recorded[]>(
  folder: string,
  command: string,
  ...args: string[]
): Promise<T> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const options = { cwd: folder, env: { ...env, NODE_ENV: 'development' } }
  const file = join(root, 'node_modules/.bin', command)
  const { stdout } = await promisify(execFile)(file, args, options)
  return JSON.parse(stdout) as T
}
