import { afterAll, beforeAll, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Application } from './application.ts'
import { fromRoot, installApplication } from './application.ts'

const run = promisify(execFile)

let application: Application

beforeAll(async () => {
  application = await installApplication()
  const program =
    "import * as entry from 'hono-profiler'\nconsole.log(Object.keys(entry).sort().join())"
  await writeFile(join(application.folder, 'names.js'), program)
})

afterAll(() => application.remove())

const RUNTIMES = {
  node: ['names.js'],
  timing: ['timing.js'],
  bun: ['run', 'names.js'],
  deno: ['run', '--allow-all', '--no-lock', 'names.js'],
}

/** The names that the entry of a runtime exports, as the runtime itself finds it. */
async function names(runtime: keyof typeof RUNTIMES): Promise<string[]> {
  const binary = fromRoot(`node_modules/.bin/${runtime === 'timing' ? 'node' : runtime}`)
  const { stdout } = await run(binary, RUNTIMES[runtime], { cwd: application.folder })
  return stdout.trim().split(',')
}

it('every runtime finds an entry with the same names', async () => {
  const program =
    "import * as entry from 'hono-profiler/timing'\nconsole.log(Object.keys(entry).sort().join())"
  await writeFile(join(application.folder, 'timing.js'), program)
  const expected = await names('node')
  expect(expected).toEqual(
    expect.arrayContaining(['Session', 'instrument', 'loadSession', 'profile', 'profiler', 'span'])
  )
  for (const runtime of ['timing', 'bun', 'deno'] as const) {
    expect(await names(runtime), runtime).toEqual(expected)
  }
})
