/** What the package costs an application that never records: its import, and its size. */
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { formatted, inTurns, median, tell } from './measure.ts'

const entry = process.env.BENCH_ENTRY!
const folder = fileURLToPath(new URL('.', import.meta.url))

/** Milliseconds that an import takes in a process that has Hono already. */
function importMs(specifier: string): number {
  const program = `import 'hono'; const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t)`
  const args = ['--input-type=module', '--eval', program]
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder }))
}

const ms = await inTurns(15, {
  ours: () => importMs(entry),
  logger: () => importMs('hono/logger'),
  jsx: () => importMs('hono/jsx'),
})
tell({
  what: 'import on Node',
  measured: formatted(median(ms.ours), ' ms'),
  beside: `\`hono/logger\` ${formatted(median(ms.logger), ' ms')}, \`hono/jsx\` ${formatted(median(ms.jsx), ' ms')}`,
  reach: '5 ms',
})

// What is loaded on demand is left out.
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
tell({
  what: 'the middleware entry, minified and gzipped',
  measured: formatted(gzipSync(outputFiles[0]!.contents).length / 1000, ' KB'),
  beside: '',
  reach: '12 KB',
})
