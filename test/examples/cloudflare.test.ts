import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import type { Worker } from '../runtimes/workerd/start-worker.ts'
import { bundle, startWorker } from '../runtimes/workerd/start-worker.ts'

const entry = fileURLToPath(new URL('../../examples/cloudflare/src/index.ts', import.meta.url))
let worker: Worker

beforeAll(async () => {
  worker = await startWorker('', {
    script: await bundle(entry),
    compatibilityFlags: ['nodejs_compat'],
    kvNamespaces: ['VISITS'],
  })
})

afterAll(() => worker.stop())

it('answers, and with its profile when that is asked for', async () => {
  expect(await (await fetch(worker.url)).text()).toMatch(/^Visit 1\. There are 2262 primes/)
  const report = await (await fetch(`${worker.url}/?profile=text`)).text()
  expect(report).toContain('countVisit')
  expect(report).toContain('workerd')
})
