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

export default [
  {
    name: 'middleware entry (node)',
    path: 'dist/runtimes/node.js',
    ignore: ['hono'],
    // The page itself is most of it.
    limit: '45 kB',
    modifyEsbuildConfig: (/** @type {import('esbuild').BuildOptions} */ config) => ({
      ...config,
      platform: 'node',
      plugins: [startupOnly],
    }),
  },
]
