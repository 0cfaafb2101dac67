import { afterAll, beforeAll, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** An application that has installed the packed tarball. */
let application: string

beforeAll(async () => {
  application = await mkdtemp(join(tmpdir(), 'hono-profiler-package-'))
  const installed = join(application, 'node_modules', 'hono-profiler')
  await mkdir(installed, { recursive: true })
  await run('npm', ['run', '--silent', 'build'], { cwd: fromRoot('') })
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', application]
  const { stdout } = await run('npm', pack, { cwd: fromRoot('') })
  const tarball = join(application, stdout.trim())
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  await symlink(fromRoot('node_modules/hono'), join(application, 'node_modules', 'hono'))
  await writeFile(join(application, 'package.json'), '{ "type": "module" }')
  const program =
    "import * as entry from 'hono-profiler'\nconsole.log(Object.keys(entry).sort().join())"
  await writeFile(join(application, 'names.js'), program)
})

afterAll(() => rm(application, { recursive: true }))

const RUNTIMES = {
  node: ['names.js'],
  timing: ['timing.js'],
  bun: ['run', 'names.js'],
  deno: ['run', '--allow-all', '--no-lock', 'names.js'],
}

/** The names that the entry of a runtime exports, as the runtime itself finds it. */
async function names(runtime: keyof typeof RUNTIMES): Promise<string[]> {
  const binary = fromRoot(`node_modules/.bin/${runtime === 'timing' ? 'node' : runtime}`)
  const { stdout } = await run(binary, RUNTIMES[runtime], { cwd: application })
  return stdout.trim().split(',')
}

it('every runtime finds an entry with the same names', async () => {
  const program =
    "import * as entry from 'hono-profiler/timing'\nconsole.log(Object.keys(entry).sort().join())"
  await writeFile(join(application, 'timing.js'), program)
  const expected = await names('node')
  expect(expected).toEqual(
    expect.arrayContaining(['Session', 'instrument', 'loadSession', 'profile', 'profiler', 'span'])
  )
  for (const runtime of ['timing', 'bun', 'deno'] as const) {
    expect(await names(runtime), runtime).toEqual(expected)
  }
})
