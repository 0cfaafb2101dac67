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

/** @param {import('esbuild').BuildOptions} config */
const onNode = (config) => ({ ...config, platform: 'node', plugins: [startupOnly] })

export default [
  {
    name: 'the middleware, before the first recording (node)',
    path: 'dist/runtimes/node.js',
    import: '{ profiler }',
    ignore: ['hono'],
    limit: '12 kB',
    gzip: true,
    modifyEsbuildConfig: onNode,
  },
  {
    name: 'every name of the entry (node)',
    path: 'dist/runtimes/node.js',
    ignore: ['hono'],
    // The page, which `renderSession` gives at once, is most of it.
    limit: '60 kB',
    gzip: true,
    modifyEsbuildConfig: onNode,
  },
]
