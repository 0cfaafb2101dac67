/** What the package costs an application that never records: its import, and its size. */
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import type { Row } from './measure.ts'
import { formatted, inTurns, median } from './measure.ts'

/** The entry of a runtime, and the command that evaluates a program on it, where it can. */
const { BENCH_ENTRY: entry = '', BENCH_EVALUATE: evaluate } = process.env
/** npm runs scripts there. */
const folder = process.cwd()

/** Milliseconds that an import takes in a process that has Hono already. */
function importMs([name = '', ...args]: readonly string[], specifier: string): number {
  const program = `import 'hono'; const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t)`
  return Number(execFileSync(name, [...args, program], { encoding: 'utf8', cwd: folder }))
}

async function imports(command: readonly string[]): Promise<Row> {
  const ms = await inTurns(15, {
    ours: () => importMs(command, entry),
    logger: () => importMs(command, 'hono/logger'),
    jsx: () => importMs(command, 'hono/jsx'),
  })
  return {
    what: 'import',
    measured: formatted(median(ms.ours), ' ms'),
    beside: `\`hono/logger\` ${formatted(median(ms.logger), ' ms')}, \`hono/jsx\` ${formatted(median(ms.jsx), ' ms')}`,
    reach: '5 ms',
  }
}

/** What is loaded on demand is left out. */
async function size(): Promise<Row> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { profiler } from ${JSON.stringify(entry)}; console.log(profiler)`,
      resolveDir: folder,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    packages: 'external',
    plugins: [
      {
        name: 'on-demand',
        setup(bundle) {
          bundle.onResolve({ filter: /.*/ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined
          )
        },
      },
    ],
  })
  return {
    what: 'the middleware entry, minified and gzipped',
    measured: formatted(gzipSync(outputFiles[0]!.contents).length / 1000, ' KB'),
    beside: '',
    reach: '12 KB',
  }
}

export async function* rows(): AsyncGenerator<Row> {
  if (evaluate !== undefined) {
    yield await imports(JSON.parse(evaluate) as string[])
  }
  yield await size()
}
