import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectTruthOnAverage } from './expect-truth.ts'
import type { Measurement } from './measure.ts'
import { amongStrangers, getJson, measure } from './measure.ts'
import type { TruthServer } from './start-server.ts'
import { startServer } from './start-server.ts'
import { workloads } from './workloads/index.ts'

describe('profiles of requests whose split of time is known', () => {
  let server: TruthServer

  beforeAll(async () => {
    server = await startServer()
  })

  afterAll(async () => {
    await server.stop()
  })

  it.each(workloads.map((workload, i) => ({ ...workload, path: `/workloads/${i}` })))(
    'are true of $name',
    async ({ path, repetitions = 1, error }) => {
      // Compiles the code and fills the pools of connections.
      await getJson(`${server.url}${path}?profile=json`)
      const measureAll = async (): Promise<Measurement[]> => {
        const measurements: Measurement[] = []
        for (let i = 0; i < repetitions; i++) {
          measurements.push(await measure(server.url, path))
        }
        return measurements
      }
      await expectTruthOnAverage(() => amongStrangers(server.url, measureAll), { error })
    }
  )
})
