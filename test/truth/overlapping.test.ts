import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectTruth } from './expect-truth.ts'
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
  'fetch with a warm pool',
]

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
  const measurements = await amongStrangers(server.url, async () => {
    await Promise.all(paths.map((path) => getJson(`${server.url}${path}?profile=json`)))
    return measureTogether(server.url, paths)
  })
  const names = measurements.map(({ truth }) => namesOf(truth.functions))
  expect(names.every(({ size }) => size > 1)).toBe(true)
  measurements.forEach((measurement, i) => {
    const others = new Set(names.flatMap((each) => [...each]))
    const strangers = [...others].filter((name) => !names[i]!.has(name))
    expectTruth([measurement], { strangers, isAmongReports: true })
  })
})
