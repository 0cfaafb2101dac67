import { afterAll, beforeAll, expect, it } from 'vitest'
import { importV8Profile } from '../../src/normalize/import-v8.ts'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { checkSession } from '../../src/session/check.ts'
import { Session } from '../../src/session.ts'
import { expectTruth, toleranceOf } from './expect-truth.ts'
import type { OwnTime } from './ledger.ts'
import { CALLS } from './ledger.ts'
import type { Measurement } from './measure.ts'
import {
  amongStrangers,
  getJson,
  leastDisturbed,
  measureOnce,
  namesOf,
  ownTimes,
} from './measure.ts'
import type { TruthServer } from './start-server.ts'
import { startServer } from './start-server.ts'
import { LONG_COMPUTATIONS } from './workloads/computing.ts'
import { workloads } from './workloads/index.ts'

let server: TruthServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.stop()
})

interface Witnessed extends Measurement {
  witnessed: V8Profile
}

it('an independent profiler of the same request sees what our profile and the ledger say', async () => {
  const path = `/workloads/${workloads.findIndex(({ name }) => name === LONG_COMPUTATIONS)}`
  const attempt = async (): Promise<Witnessed[]> => {
    await getJson(`${server.url}/witness/start`)
    const measurement = await measureOnce(server.url, path)
    return [{ ...measurement, witnessed: await getJson(`${server.url}/witness/stop`) }]
  }
  const [measured] = await amongStrangers(server.url, async () => {
    await attempt()
    return leastDisturbed(attempt)
  })
  const { profile, truth, witnessed } = measured!
  const names = namesOf(truth.functions)
  const known = cpuByFunction(truth.functions)
  const ours = cpuByFunction(ownTimes(profile.rootFrame, names))
  const theirs = cpuByFunction(ownTimes(importProfile(witnessed).rootFrame(), names))
  expect([...names].sort()).toEqual(['convertDates', 'parseRows', 'summarise', 'yearReport'])
  expectTruth([measured!])
  expectSame('witness and ledger', theirs, known)
  expectSame('witness and profile', theirs, ours)
})

function importProfile(profile: V8Profile): Session {
  const paths = { projectRoot: '', ownFiles: [] }
  const data = importV8Profile(profile, { description: 'the witness', paths })
  checkSession(data)
  return new Session(data)
}

/** Milliseconds on the processor by the innermost function of the path; work of no known function left out. */
function cpuByFunction(times: Record<string, OwnTime>): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [path, { cpu }] of Object.entries(times)) {
    const name = path.split(CALLS).at(-1)!
    if (name !== '') {
      sums[name] = (sums[name] ?? 0) + cpu
    }
  }
  return sums
}

function expectSame(
  who: string,
  cpu: Record<string, number>,
  expected: Record<string, number>
): void {
  for (const [name, ms] of Object.entries(expected)) {
    const error = Math.abs((cpu[name] ?? 0) - ms)
    expect(error, `${who}: ${name}, ${cpu[name]} and ${ms} ms`).toBeLessThan(toleranceOf(ms))
  }
}
