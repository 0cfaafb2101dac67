/** The part of the contract that compares profiles with what the requests really did. */
import type { Handler } from 'hono'
import { Hono } from 'hono'
import assert from 'node:assert/strict'
import type { Subject } from './contract.ts'
import { limits } from './limits.ts'
import type { Row } from './truth/compare.ts'
import { compare, isTrue, tableOf } from './truth/compare.ts'
import type { Scope } from './truth/ledger.ts'
import { Ledger } from './truth/ledger.ts'
import type { JsonProfile, Measurement } from './truth/measure.ts'
import { startUpstream } from './truth/upstream.ts'
import type { Env, Workload } from './truth/workload.ts'
import { startHeartbeat } from './truth/workloads/callbacks.ts'

/** How far a time may be from the truth: milliseconds, or a part of the time, whichever is more. */
export interface Tolerance {
  ms: number
  share: number
}

/**
 * Milliseconds for which the machine may take the processor away from the request, or from the sampler: a little more
 * than twice the sampling interval, which itself comes a tenth late.
 */
const HARMLESS_DISTURBANCE = 2.5
const MOST_ATTEMPTS = 8

/** Rounds of measurements until what is measured is given up as wrong. */
const MOST_ROUNDS = 10

/** Defines a test for each workload, but for those that the runtime's limits exclude. */
export function defineTruth(
  subject: Subject,
  workloads: readonly Workload[],
  tolerance: Tolerance
): void {
  const { test, runtime, isIntended } = subject
  for (const workload of workloads) {
    if (limits[runtime]?.[workload.name] === undefined) {
      test(`true times of ${workload.name}`, async () => {
        assert.ok(isIntended(), `these tests must run on ${runtime}`)
        await startSurroundings()
        await expectTruthOnAverage(subject, workload, tolerance)
      })
    }
  }
}

/** Defines a test that a function's profile is true, but for the runtime's limits. */
export function defineTruthOf(
  subject: Subject,
  name: string,
  main: (scope: Scope) => Promise<unknown>,
  tolerance: Tolerance
): void {
  const handlers: Workload['handlers'] = [
    async function program(c) {
      await main(c.get('scope').in('program'))
      return c.text('done')
    },
  ]
  if (limits[subject.runtime]?.[name] === undefined) {
    subject.test(`true times of ${name}`, () =>
      expectTruthOnAverage(subject, { name, handlers }, tolerance)
    )
  }
}

let surroundings: Promise<void> | undefined

/** What workloads wait for that is no part of them: a server, and a clock that beats for all requests. */
function startSurroundings(): Promise<void> {
  return (surroundings ??= (async () => {
    // A worker can start none, and is told of one.
    process.env.UPSTREAM ??= (await startUpstream()).url
    startHeartbeat()
  })())
}

/**
 * Measures again and takes the mean of all while it is not true: what samples miss by chance shrinks with the number
 * of requests, and what is wrong does not. The first request compiles the code and does not count, and what is not true
 * among disturbances counts only when there is nothing better.
 */
async function expectTruthOnAverage(
  subject: Subject,
  workload: Workload,
  { ms, share }: Tolerance
): Promise<void> {
  const kept: Measurement[] = []
  const rows = (measurements: Measurement[]): Row[] =>
    compare(measurements, {
      of: (truth) => Math.max(ms, share * truth),
      // What is due while the profiler reads its samples resumes later, which is not counted as waiting.
      uncountedWait: Math.max(...measurements.map(({ profile }) => profile.meta.overhead.excluded)),
    })
  const isEnough = (measured: Measurement): boolean => isTrue(rows([...kept, measured]))
  await measure(subject, workload)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const measured = await leastDisturbed(() => measure(subject, workload), isEnough)
    const { runtime, request } = measured.profile.meta
    assert.equal(runtime, subject.runtime)
    assert.equal(request?.error, workload.error, 'what the request threw')
    if (isEnough(measured)) {
      return
    }
    kept.push(measured)
  }
  assert.fail(`of ${kept.length} requests:\n${tableOf(rows(kept))}`)
}

async function measure(
  { entry: { profiler }, longestGap }: Subject,
  { handlers }: Workload
): Promise<Measurement> {
  const ledger = new Ledger()
  const app = new Hono<Env>()
  app.use(profiler())
  app.use(async function measured(c, next) {
    c.set('scope', ledger.root)
    ledger.start()
    await next()
    ledger.stop()
  })
  app.get('/', ...(handlers as [Handler]))
  app.onError((error, c) => c.text(error.message, 500))
  const response = await app.request('/?profile=json')
  const profile = (await response.json()) as JsonProfile
  const truth = ledger.truth()
  const disturbance = Math.max(truth.disturbance, longestGap?.(ledger.busy()) ?? 0)
  return { profile, truth: { ...truth, disturbance } }
}

/** Other programs may take the processor away in the midst of a measurement; then it is made again. */
async function leastDisturbed(
  make: () => Promise<Measurement>,
  isEnough: (measured: Measurement) => boolean
): Promise<Measurement> {
  let best = await make()
  for (let i = 1; i < MOST_ATTEMPTS && isDisturbed(best) && !isEnough(best); i++) {
    const next = await make()
    best = isEnough(next) || next.truth.disturbance < best.truth.disturbance ? next : best
  }
  return best
}

const isDisturbed = ({ truth }: Measurement): boolean => truth.disturbance > HARMLESS_DISTURBANCE
