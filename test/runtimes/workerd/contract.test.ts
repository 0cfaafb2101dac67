import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modes } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { startWorker } from './start-worker.ts'

describe.each(modes)('the contract on workerd $mode', ({ options }) => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('contract.worker.ts', await options())
  })

  afterAll(() => worker.stop())

  it('holds', async () => {
    const names = (await (await fetch(worker.url)).json()) as string[]
    expect(names).toContain('this is workerd')
    const failed: Record<string, string> = {}
    for (const [i, name] of names.entries()) {
      const answer = await (await fetch(`${worker.url}/?test=${i}`)).text()
      if (answer !== 'passed') {
        failed[name] = answer
      }
    }
    expect(failed).toEqual({})
  })
})
