import { afterAll, expect, it } from 'vitest'
import { startUpstream } from '../../truth/upstream.ts'
import { modes } from './modes.ts'
import { listTests, runTest } from './run-list.ts'
import { startWorker } from './start-worker.ts'

const [fromInside] = modes
const { bindings, ...options } = await fromInside!.options()
const upstream = await startUpstream()
const worker = await startWorker('truth.worker.ts', {
  ...options,
  bindings: { ...bindings, UPSTREAM: upstream.url },
})
const names = await listTests(worker.url)

afterAll(async () => {
  upstream.stop()
  await worker.stop()
})

it.each(names)('%s', { timeout: 120_000 }, async (name) => {
  expect(await runTest(worker.url, names.indexOf(name))).toBeUndefined()
})
