import type { BuildOptions } from 'esbuild'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** A worker that runs in Miniflare. */
export interface Worker {
  url: string
  /** What runs. */
  script: string
  stop(): Promise<void>
}

/** What the tests configure of Miniflare, whose own types need zod. */
export interface WorkerOptions {
  compatibilityFlags: string[]
  compatibilityDate?: string
  name?: string
  inspectorPort?: number
  bindings?: Record<string, string>
  kvNamespaces?: string[]
  r2Buckets?: string[]
  d1Databases?: string[]
  /** The classes, by the names of their bindings. */
  durableObjects?: Record<string, string>
  serviceBindings?: Record<string, { name: string; entrypoint: string }>
}

export const NODE_COMPAT = 'nodejs_compat'
export const INSPECTOR_FLAG = 'enable_nodejs_inspector_local_dev'

const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker'],
  external: ['node:*', 'cloudflare:*', 'sql.js'],
  tsconfigRaw: '{}',
  logLevel: 'error',
} as const satisfies BuildOptions

/**
 * Bundles an entry with the profiler as a package, as wrangler does, so that its frames are told from the application's.
 * esbuild gives functions other names where theirs are taken: the source map knows them.
 */
export async function bundle(entry: string, options: BuildOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-worker-'))
  try {
    const modules = join(folder, 'node_modules')
    const own = join(modules, 'hono-profiler')
    await mkdir(own, { recursive: true })
    await symlink(fromRoot('node_modules/hono'), join(modules, 'hono'))
    await writeFile(join(own, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
    await build({
      ...OPTIONS,
      entryPoints: [fromRoot('runtimes/workerd/index.ts')],
      outfile: join(own, 'index.js'),
      external: [...OPTIONS.external, 'hono', 'hono/*'],
    })
    const { outputFiles } = await build({
      ...OPTIONS,
      keepNames: true,
      sourcemap: 'inline',
      ...options,
      entryPoints: [entry],
      absWorkingDir: folder,
      // Where Miniflare says that the worker is: the paths in the map are relative.
      outdir: process.cwd(),
      nodePaths: [modules],
      alias: { 'hono-profiler': join(own, 'index.js') },
      write: false,
    })
    return outputFiles.find(({ path }) => path.endsWith('.js'))!.text
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Bundles and starts a worker. */
export async function startWorker(
  entry: string,
  { script, ...options }: WorkerOptions & { script?: string }
): Promise<Worker> {
  const contents = script ?? (await bundle(fromRoot(`test/runtimes/workerd/${entry}`)))
  const miniflare = new Miniflare({
    compatibilityDate: '2026-07-30',
    port: 0,
    ...options,
    modules: [{ type: 'ESModule', path: 'worker.js', contents }],
  })
  const { origin } = await miniflare.ready
  return { url: origin, script: contents, stop: () => miniflare.dispose() }
}
