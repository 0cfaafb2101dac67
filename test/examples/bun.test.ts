import { defineExample } from './define-example.ts'

defineExample({
  runtime: 'bun',
  // In the repository `hono-profiler` is what the paths of a tsconfig say.
  args: [
    '--tsconfig-override=tsconfig/bun.json',
    '--preload=./runtimes/bun/preload.ts',
    'examples/bun.ts',
  ],
  own: /^\$argon2/,
  waits: 'await Bun',
})
