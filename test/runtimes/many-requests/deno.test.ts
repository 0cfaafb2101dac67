import { expect, it } from 'vitest'
import { denoTest } from '../deno/deno-test.ts'

it('many requests leave nothing behind', { timeout: 900_000 }, async () => {
  const { stdout } = await denoTest(['-A'], 'test/runtimes/deno/many-requests.deno.ts')
  expect(stdout).toMatch(/ok \| 2 passed \| 0 failed/)
})
