import type { BuildOptions } from 'esbuild'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeBinary } from '../scripts/node-versions.mjs'

/** npm runs scripts there. */
const root = process.cwd()

/** What runs benchmarks. */
export interface BenchmarkRuntime {
  /** The package's entry for it. */
  entry: string
  /** The command that evaluates a program, where it has one. */
  evaluate?: () => Promise<string[]>
  /** Runs a benchmark to its end; gives what it printed. */
  run(name: string, env: NodeJS.ProcessEnv): Promise<string>
}

const MINUTES_10 = 600_000

const entryOf = (name: string): string => join(root, `dist/runtimes/${name}.js`)

/** Bundles a program of a benchmark with the built package; gives its path. */
async function bundle(
  name: string,
  program: string,
  { entry, ...options }: BuildOptions & { entry: string }
): Promise<string> {
  const outfile = join(root, '.bench', `${name}.mjs`)
  await build({
    stdin: {
      contents: `import * as benchmark from './${name}.ts'\n${program}`,
      resolveDir: join(root, 'bench'),
    },
    outfile,
    bundle: true,
    format: 'esm',
    alias: { 'hono-profiler': entry },
    tsconfigRaw: '{}',
    logLevel: 'error',
    ...options,
  })
  return outfile
}

const PROCESS_PROGRAM = `
import { servesApart } from './apart.ts'

if (!servesApart(benchmark.works)) {
  for await (const row of benchmark.rows()) {
    console.log('ROW ' + JSON.stringify(row))
  }
  process.exit()
}`

/** What these compare runs on threads of its own: see `apart`. */
const ON_THREADS = new Set(['awaits', 'beside', 'cpu'])

/**
 * The command that keeps all threads of a benchmark, which take turns, on one processor: two are not equally fast at
 * every moment. Linux alone has it.
 */
const ON_ONE_PROCESSOR = existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', '0'] : []

/** Node, Bun, Deno: a process for each benchmark. Node 20 reads no TypeScript. */
function processRuntime(
  name: string,
  command: () => string[] | Promise<string[]>,
  evaluation: string[]
): BenchmarkRuntime {
  const entry = entryOf(name)
  return {
    entry,
    evaluate: async () => [(await command())[0]!, ...evaluation],

    async run(benchmark, env) {
      const path = await bundle(benchmark, PROCESS_PROGRAM, {
        entry,
        external: [entry],
        platform: 'node',
        packages: 'external',
      })
      const prefix = ON_THREADS.has(benchmark) ? ON_ONE_PROCESSOR : []
      const [binary, ...args] = [...prefix, ...(await command()), path]
      const limits = { maxBuffer: 1 << 26, timeout: MINUTES_10 }
      const { stdout } = await promisify(execFile)(binary, args, { env, ...limits })
      return stdout
    },
  }
}

/** Rows are sent as they come, so that the connection is not idle for long; a path names a piece of work. */
const WORKER_PROGRAM = `
export default {
  async fetch(request, { TWIN }) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1))
    if (name) {
      return new Response(String(await benchmark.works[name]()))
    }
    globalThis.TWIN = TWIN
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    const send = (line) => writer.write(new TextEncoder().encode(line + '\\n'))
    const measure = async () => {
      for await (const row of benchmark.rows()) {
        await send('ROW ' + JSON.stringify(row))
      }
    }
    void measure().catch((error) => send('ERROR ' + error.stack)).then(() => writer.close())
    return new Response(readable)
  },
}`

/** workerd as it runs while developing, with its inspector from inside. */
const workerd: BenchmarkRuntime = {
  entry: entryOf('workerd'),

  async run(benchmark) {
    const path = await bundle(benchmark, WORKER_PROGRAM, {
      entry: entryOf('workerd'),
      external: ['node:*', 'cloudflare:*'],
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['workerd', 'worker'],
    })
    const worker = {
      compatibilityDate: '2026-07-30',
      compatibilityFlags: ['nodejs_compat', 'enable_nodejs_inspector_local_dev'],
      modules: [
        { type: 'ESModule' as const, path: 'worker.js', contents: await readFile(path, 'utf8') },
      ],
    }
    const miniflare = new Miniflare({
      workers: [
        { ...worker, name: 'worker', serviceBindings: { TWIN: 'twin' } },
        { ...worker, name: 'twin' },
      ],
    })
    try {
      const signal = AbortSignal.timeout(MINUTES_10)
      const response = await miniflare.dispatchFetch('http://localhost/', { signal })
      return await response.text()
    } finally {
      await miniflare.dispose()
    }
  },
}

const node = (major: number): BenchmarkRuntime =>
  processRuntime('node', async () => [await nodeBinary(major), '--max-old-space-size=4096'], [
    '--input-type=module',
    '--eval',
  ])

const inModules = (name: string): string => join(root, 'node_modules/.bin', name)

/** By the names of the table. */
export const runtimes = {
  'Node 20': node(20),
  'Node 24': node(24),
  'Node 26': node(26),
  Bun: processRuntime('bun', () => [inModules('bun')], ['--eval']),
  Deno: processRuntime('deno', () => [inModules('deno'), 'run', '-A', '--no-lock'], ['eval']),
  workerd,
} satisfies Record<string, BenchmarkRuntime>
