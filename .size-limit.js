/**
 * Leaves out what is loaded on demand, so that the limit is on what an application pays at startup.
 * @type {import('esbuild').Plugin}
 */
const startupOnly = {
  name: 'startup-only',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined
    )
  },
}

/**
 * @param {string} runtime
 * @param {string} limit
 * @param {string} [names] What is imported; everything when it is left out.
 */
const entry = (runtime, limit, names) => ({
  name: `${names ?? 'every name'} (${runtime}), before the first recording`,
  path: `dist/runtimes/${runtime}.js`,
  ignore: ['hono'],
  limit,
  gzip: true,
  ...(names && { import: names }),
  modifyEsbuildConfig: (/** @type {import('esbuild').BuildOptions} */ config) => ({
    ...config,
    platform: 'node',
    external: [...(config.external ?? []), 'bun', 'bun:*'],
    plugins: [startupOnly],
  }),
})

export default [
  entry('node', '12 kB', '{ profiler }'),
  entry('bun', '12 kB', '{ profiler }'),
  entry('deno', '12 kB', '{ profiler }'),
  entry('workerd', '12 kB', '{ profiler }'),
  entry('timing', '12 kB', '{ profiler }'),
  // The page, which `renderSession` gives at once, is most of it.
  entry('node', '110 kB'),
]
