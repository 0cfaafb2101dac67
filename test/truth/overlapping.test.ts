import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectTruth } from './expect-truth.ts'
import type { Measurement } from './measure.ts'
import { amongStrangers, getJson, measureTogether, namesOf } from './measure.ts'
import type { TruthServer } from './start-server.ts'
import { startServer } from './start-server.ts'
import { workloads } from './workloads/index.ts'

const together = [
  'nested awaits',
  'Promise.all',
  'a chain of then without async functions',
  'for await over an async generator',
  'timers in timers',
  'methods, private methods and super',
  'middleware before and after next',
]

/** Requests whose mean is judged: samples miss by chance what a single one shows. */
const ROUNDS = 3

let server: TruthServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.stop()
})

it('profiles of requests recorded at the same time are true, each of its own', async () => {
  const paths = together.map((name) => {
    return `/workloads/${workloads.findIndex((workload) => workload.name === name)}`
  })
  const rounds: Measurement[][] = []
  await amongStrangers(server.url, async () => {
    await Promise.all(paths.map((path) => getJson(`${server.url}${path}?profile=json`)))
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await measureTogether(server.url, paths))
    }
  })
  const names = rounds[0]!.map(({ truth }) => namesOf(truth.functions))
  expect(names.every(({ size }) => size > 1)).toBe(true)
  paths.forEach((_, i) => {
    const others = new Set(names.flatMap((each) => [...each]))
    const strangers = [...others].filter((name) => !names[i]!.has(name))
    const measurements = rounds.map((round) => round[i]!)
    expectTruth(measurements, { strangers, isAmongReports: true })
  })
})
