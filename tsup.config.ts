import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    cli: 'runtimes/common/cli/main.ts',
    'runtimes/bun': 'runtimes/bun/index.ts',
    'runtimes/bun-preload': 'runtimes/bun/preload.ts',
    'runtimes/deno': 'runtimes/deno/index.ts',
    'runtimes/node': 'runtimes/node/index.ts',
    'runtimes/timing': 'runtimes/timing/index.ts',
    'runtimes/workerd': 'runtimes/workerd/index.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  // The command asks for the package by its name, so that the runtime chooses the entry.
  external: [/^node:/, /^bun:/, 'hono-profiler'],
  // What a request does not need (the page, the other formats) stays in chunks that load on demand.
  splitting: true,
  treeshake: true,
  sourcemap: true,
  clean: true,
  tsconfig: 'tsconfig/node.json',
  // A bundle crosses the rooms, so it cannot be a composite project.
  dts: { compilerOptions: { composite: false } },
})
