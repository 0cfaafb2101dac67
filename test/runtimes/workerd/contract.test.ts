import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modes } from './modes.ts'
import { failuresOf, listTests } from './run-list.ts'
import type { Worker } from './start-worker.ts'
import { startWorker } from './start-worker.ts'

describe.each(modes)('the contract on workerd $mode', ({ options }) => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('contract.worker.ts', await options())
  })

  afterAll(() => worker.stop())

  it('holds', async () => {
    expect(await listTests(worker.url)).toContain('this is workerd')
    expect(await failuresOf(worker.url)).toEqual({})
  })
})
