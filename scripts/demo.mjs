// Runs the example application from its sources, in this process so that signals reach it directly.
const app = '../examples/demo/main.tsx'
process.env.TSX_TSCONFIG_PATH ??= 'tsconfig/examples.json'

await import('./build-page.mjs')
await import('tsx')
await import(app)
