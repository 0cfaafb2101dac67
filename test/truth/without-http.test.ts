import { expect, it } from 'vitest'
import { expectTruth } from './expect-truth.ts'
import type { Measurement } from './measure.ts'
import { randomProgram } from './random-program.ts'
import { runScript } from './start-server.ts'

it('profiles of functions that serve no request are true', async () => {
  const seeds = ['101', '102', '103', '104']
  const programs = new Map(seeds.map((seed) => [seed, randomProgram(Number(seed))]))
  const lines = (await runScript('without-http.js', seeds, programs)).trim().split('\n')
  const measurements = lines.map((line) => JSON.parse(line) as Measurement)
  expect(measurements).toHaveLength(seeds.length)
  for (const measurement of measurements) {
    expect(measurement.profile.meta).not.toHaveProperty('request')
    expectTruth([measurement])
  }
})
