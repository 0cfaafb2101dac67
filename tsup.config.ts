import { defineConfig } from 'tsup'

export const entry = {
  cli: 'runtimes/common/cli/main.ts',
  'runtimes/bun': 'runtimes/bun/index.ts',
  'runtimes/bun-preload': 'runtimes/bun/preload.ts',
  'runtimes/deno': 'runtimes/deno/index.ts',
  'runtimes/node': 'runtimes/node/index.ts',
  'runtimes/timing': 'runtimes/timing/index.ts',
  'runtimes/workerd': 'runtimes/workerd/index.ts',
}

/** The types of the package; `rolldown` makes its scripts. */
export default defineConfig({
  entry,
  format: 'esm',
  tsconfig: 'tsconfig/node.json',
  // A bundle crosses the rooms, so it cannot be a composite project.
  dts: { only: true, compilerOptions: { composite: false } },
})
