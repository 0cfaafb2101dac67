import { expect, it } from 'vitest'
import { denoTest } from './deno/deno-test.ts'

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
  expect(stdout).toMatch(/ok \| 3 passed \| 0 failed/)
})

it('the truth holds on Deno', { timeout: 600_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/truth.deno.ts')
  expect(stdout).toMatch(/ok \| [1-9]\d+ passed \| 0 failed/)
})

it('every kind of response is served as it is', { timeout: 300_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/responses.deno.ts')
  expect(stdout).toMatch(/ok \| 14 passed \| 0 failed/)
})
