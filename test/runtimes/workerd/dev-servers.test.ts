import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from './dev-server.ts'
import { failuresOf, listTests } from './run-list.ts'
import { startVite } from './start-vite.ts'
import { bundle } from './start-worker.ts'
import { startWrangler } from './start-wrangler.ts'

const SERVERS = [
  { name: 'wrangler dev', start: startWrangler },
  { name: "vite dev with Cloudflare's plugin", start: startVite },
]

describe.each(SERVERS)('$name, without options', ({ start }) => {
  let folder = ''
  let server: RunningServer | undefined

  // With a cold cache, they are fetched first.
  beforeAll(async () => {
    const entry = fileURLToPath(new URL('contract.worker.ts', import.meta.url))
    folder = await mkdtemp(join(tmpdir(), 'hono-profiler-dev-server-'))
    await writeFile(join(folder, 'worker.js'), await bundle(entry))
    server = await start({ folder, main: 'worker.js', vars: { IS_SAMPLED: 'yes' } })
  }, 300_000)

  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  it('keeps the contract', { timeout: 120_000 }, async () => {
    const { url } = server!
    expect(await listTests(url)).toContain('it has samples where there is an inspector')
    expect(await failuresOf(url)).toEqual({})
  })
})
