import { EdgeRuntime } from 'edge-runtime'
import { build } from 'esbuild'
import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The application of the fixtures in Vercel's runtime, which has an `AsyncLocalStorage` or not. */
export async function startEdgeApp(minify: boolean, hasStorage: boolean): Promise<EdgeRuntime> {
  return new EdgeRuntime({
    initialCode: await bundle(minify),
    extend: (context) => (hasStorage ? Object.assign(context, { AsyncLocalStorage }) : context),
  })
}

async function bundle(minify: boolean): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fromRoot('test/fixtures/edge-app.ts')],
    alias: { 'hono-profiler': fromRoot('runtimes/timing/index.ts') },
    conditions: ['edge-light'],
    bundle: true,
    minify,
    write: false,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
  })
  return outputFiles[0]!.text
}
