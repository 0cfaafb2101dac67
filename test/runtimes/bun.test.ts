import { expect, it } from 'vitest'
import { bunTest } from './bun/bun-test.ts'

const PRELOAD = ['--preload', './runtimes/bun/preload.ts']

it('the contract holds on Bun', { timeout: 300_000 }, async () => {
  expect(await bunTest('contract.bun.ts', PRELOAD)).toMatch(/\b0 fail\b/)
})

it('the contract holds on Bun without the preload', { timeout: 300_000 }, async () => {
  expect(await bunTest('contract.bun.ts')).toMatch(/\b0 fail\b/)
})

it('the truth holds on Bun with the preload', { timeout: 300_000 }, async () => {
  expect(await bunTest('truth.bun.ts', PRELOAD)).toMatch(/\b[1-9]\d+ pass\n\s*0 fail\b/)
})

it(
  'processes, streams, sockets and databases wait at their lines',
  { timeout: 300_000 },
  async () => {
    expect(await bunTest('peers.bun.ts', PRELOAD)).toMatch(/\b6 pass\n\s*0 fail\b/)
  }
)

it('requests are kept apart, and other profilers left alone', { timeout: 300_000 }, async () => {
  expect(await bunTest('sampler.bun.ts')).toMatch(/\b0 fail\b/)
})

it('what callbacks compute is the request itself', { timeout: 300_000 }, async () => {
  expect(await bunTest('callbacks.bun.ts', PRELOAD)).toMatch(/\b7 pass\n\s*0 fail\b/)
  expect(await bunTest('callbacks.bun.ts')).toMatch(/\b7 pass\n\s*0 fail\b/)
})

it('every kind of response is served as it is', { timeout: 300_000 }, async () => {
  expect(await bunTest('responses.bun.ts')).toMatch(/\b14 pass\n\s*0 fail\b/)
})

it.each([{}, { BUN_JSC_alwaysGeneratePCToCodeOriginMap: '1' }])(
  'lines of optimized code are true or not told, with %o',
  { timeout: 300_000 },
  async (env) => {
    expect(await bunTest('lines.bun.ts', [], env)).toMatch(/\b1 pass\n\s*0 fail\b/)
  }
)
