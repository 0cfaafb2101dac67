import { defineExample } from './define-example.ts'

// In the repository `hono-profiler` is what an import map says.
const imports = { 'hono-profiler': new URL('../../runtimes/deno/index.ts', import.meta.url).href }
const importMap = `data:application/json,${JSON.stringify({ imports })}`

defineExample({
  runtime: 'deno',
  args: ['run', '-A', '--no-check', '--no-lock', `--import-map=${importMap}`, 'examples/deno.ts'],
  own: /^[0-9a-f]{64}$/,
  waits: 'await hash',
})
