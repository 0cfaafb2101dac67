import { afterAll, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import type { JsonProfile } from '../../truth/measure.ts'
import { freePort } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { bundle, NODE_COMPAT, startWorker } from './start-worker.ts'

const workers: Worker[] = []

afterAll(() => Promise.all(workers.map((worker) => worker.stop())))

it("tells another worker's inspector from its own, though both run the same code", async () => {
  const script = await bundle(fileURLToPath(new URL('app.worker.ts', import.meta.url)))
  const start = async (inspectorPort: number, url: string): Promise<Worker> => {
    const worker = await startWorker('', {
      script,
      inspectorPort,
      compatibilityFlags: [NODE_COMPAT],
      kvNamespaces: ['KV'],
      r2Buckets: ['R2'],
      bindings: { INSPECTOR_URL: url },
    })
    workers.push(worker)
    return worker
  }
  const [ownPort, otherPort] = [await freePort(), await freePort()]
  const other = `http://127.0.0.1:${otherPort}`
  await start(otherPort, other)
  const worker = await start(ownPort, other)
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${worker.url}/even?profile=json`)
    const { meta, rootFrame } = (await response.json()) as JsonProfile
    expect(meta.notes.join()).toContain(`the inspector at ${other} is another worker's`)
    expect(rootFrame.time).toBeGreaterThanOrEqual(5)
  }
})
