import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { failuresOf, listTests } from './run-list.ts'
import { startVite } from './start-vite.ts'
import type { Worker } from './start-worker.ts'
import { bundle } from './start-worker.ts'
import { startWrangler } from './start-wrangler.ts'

const SERVERS = [
  { name: 'wrangler dev', start: startWrangler },
  { name: "vite dev with Cloudflare's plugin", start: startVite },
]

describe.each(SERVERS)('$name, without options', ({ start }) => {
  let worker: Worker | undefined

  // With a cold cache, they are fetched first.
  beforeAll(async () => {
    const entry = fileURLToPath(new URL('contract.worker.ts', import.meta.url))
    worker = await start(await bundle(entry), { IS_SAMPLED: 'yes' })
  }, 300_000)

  afterAll(() => worker?.stop())

  it('keeps the contract', { timeout: 120_000 }, async () => {
    const { url } = worker!
    expect(await listTests(url)).toContain('it has samples where there is an inspector')
    expect(await failuresOf(url)).toEqual({})
  })
})
