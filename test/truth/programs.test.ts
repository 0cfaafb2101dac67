import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectTruthOnAverage } from './expect-truth.ts'
import { amongStrangers, getJson, measure } from './measure.ts'
import { randomProgram } from './random-program.ts'
import type { TruthServer } from './start-server.ts'
import { startServer } from './start-server.ts'

const seeds = Array.from({ length: Number(process.env.TRUTH_PROGRAMS ?? 20) }, (_, i) => i + 1)

describe('profiles of random programs', () => {
  let server: TruthServer

  beforeAll(async () => {
    server = await startServer(new Map(seeds.map((seed) => [String(seed), randomProgram(seed)])))
  })

  afterAll(async () => {
    await server.stop()
  })

  it.each(seeds)('are true of program %i', async (seed) => {
    const path = `/programs/${seed}`
    await getJson(`${server.url}${path}?profile=json`)
    await expectTruthOnAverage(() =>
      amongStrangers(server.url, async () => [await measure(server.url, path)])
    )
  })
})
