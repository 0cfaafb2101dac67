import type { TestProject } from 'vitest/node'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

declare module 'vitest' {
  export interface ProvidedContext {
    tarball: string
  }
}

/** Builds and packs the package once, for all tests of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-pack-'))
  await run('npm', ['run', '--silent', 'build'], { cwd: root })
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const { stdout } = await run('npm', pack, { cwd: root })
  project.provide('tarball', join(folder, stdout.trim()))
  return () => rm(folder, { recursive: true })
}
