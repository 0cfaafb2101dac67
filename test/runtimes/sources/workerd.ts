import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mode } from '../workerd/modes.ts'
import type { Recorded } from './program.ts'

/** Bundles the program of a folder as wrangler does, and asks it in Miniflare. */
export async function runWorker<T = Recorded[]>(
  folder: string,
  { options }: Mode,
  entry = 'program.tsx'
): Promise<T> {
  const outfile = join(folder, 'workerd', 'program.js')
  await build({
    entryPoints: [join(folder, entry)],
    absWorkingDir: folder,
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    keepNames: true,
    sourcemap: 'inline',
    logLevel: 'error',
  })
  const { compatibilityFlags, ...rest } = await options()
  const miniflare = new Miniflare({
    ...rest,
    compatibilityDate: '2026-07-30',
    compatibilityFlags,
    port: 0,
    modulesRoot: folder,
    modules: [{ type: 'ESModule', path: outfile, contents: await readFile(outfile, 'utf8') }],
  })
  try {
    const response = await fetch((await miniflare.ready).origin)
    return (await response.json()) as T
  } finally {
    await miniflare.dispose()
  }
}
