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
 * @param {string} name
 * @param {string} limit The page itself is most of it.
 * @param {string} file
 */
const entry = (name, limit, file = name) => ({
  name: `entry (${name})`,
  path: `dist/runtimes/${file}.js`,
  ignore: ['hono'],
  limit,
  modifyEsbuildConfig: (/** @type {import('esbuild').BuildOptions} */ config) => ({
    ...config,
    platform: 'node',
    external: [...(config.external ?? []), 'bun', 'bun:*'],
    plugins: [startupOnly],
  }),
})

export default [
  entry('node', '45 kB'),
  entry('bun', '45 kB'),
  entry('deno', '45 kB'),
  entry('workerd', '45 kB'),
  entry('timing', '47 kB'),
]
