import { expect, it } from 'vitest'
import { expectTruthOnAverage } from './expect-truth.ts'
import type { Measurement } from './measure.ts'
import { randomProgram } from './random-program.ts'
import { runScript } from './start-server.ts'

it('profiles of functions that serve no request are true', async () => {
  for (const seed of ['101', '102', '103', '104']) {
    const programs = new Map([[seed, randomProgram(Number(seed))]])
    await expectTruthOnAverage(async () => {
      const measurement = JSON.parse(
        await runScript('without-http.js', [seed], programs)
      ) as Measurement
      expect(measurement.profile.meta).not.toHaveProperty('request')
      return [measurement]
    })
  }
})
