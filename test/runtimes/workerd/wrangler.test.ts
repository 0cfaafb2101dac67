import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { failuresOf, listTests } from './run-list.ts'
import type { Worker } from './start-worker.ts'
import { bundle } from './start-worker.ts'
import { startWrangler } from './start-wrangler.ts'

let worker: Worker | undefined

// With a cold cache, npx fetches wrangler first.
beforeAll(async () => {
  const entry = fileURLToPath(new URL('contract.worker.ts', import.meta.url))
  worker = await startWrangler(await bundle(entry), { IS_SAMPLED: 'yes' })
}, 240_000)

afterAll(() => worker?.stop())

it('the contract holds under wrangler dev, which is not told of an inspector', async () => {
  const { url } = worker!
  expect(await listTests(url)).toContain('it has samples where there is an inspector')
  expect(await failuresOf(url)).toEqual({})
}, 120_000)
