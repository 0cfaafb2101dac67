import { expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Deno's arguments: no checks of types, which `npm run typecheck` does, and no lock file in the project. */
const denoTest = (permissions: string[], file: string): Promise<{ stdout: string }> =>
  run(
    fromRoot('node_modules/.bin/deno'),
    ['test', ...permissions, '--no-check', '--no-lock', '--no-prompt', fromRoot(file)],
    { cwd: fromRoot(''), env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }
  ).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`deno test failed:\n${stdout}\n${stderr}`)
  })

it('the contract holds on Deno', { timeout: 300_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/contract.deno.ts')
  expect(stdout).toMatch(/ok \| \d+ passed \| 0 failed/)
})

it('without permissions it says which are missing, and records the waits', async () => {
  const { stdout } = await denoTest([], 'test/runtimes/deno/permissions.deno.ts')
  expect(stdout).toMatch(/ok \| 1 passed \| 0 failed/)
})

it('without the permission to read, it says so and samples all the same', async () => {
  const { stdout } = await denoTest(['--allow-sys'], 'test/runtimes/deno/permissions.deno.ts')
  expect(stdout).toMatch(/ok \| 1 passed \| 0 failed/)
})

it('the sampler stays ready after a recording, and warm for good', async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/ready.deno.ts')
  expect(stdout).toMatch(/ok \| 4 passed \| 0 failed/)
})

it('the truth holds on Deno', { timeout: 600_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/truth.deno.ts')
  expect(stdout).toMatch(/ok \| [1-9]\d+ passed \| 0 failed/)
})

it('many requests leave nothing behind', { timeout: 900_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/many-requests.deno.ts')
  expect(stdout).toMatch(/ok \| 2 passed \| 0 failed/)
})

it('every kind of response is served as it is', { timeout: 300_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/responses.deno.ts')
  expect(stdout).toMatch(/ok \| 13 passed \| 0 failed/)
})
