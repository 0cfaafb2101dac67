/** The part of the contract that compares profiles with what the requests really did. */
import type { Handler } from 'hono'
import { Hono } from 'hono'
import assert from 'node:assert/strict'
import type { Subject } from './contract.ts'
import { limits } from './limits.ts'
import type { OwnTime, Truth } from './truth/ledger.ts'
import { Ledger } from './truth/ledger.ts'
import type { JsonProfile } from './truth/measure.ts'
import { namesOf, ownTimes } from './truth/measure.ts'
import type { Env, Workload } from './truth/workload.ts'

/** How far a time may be from the truth: milliseconds, or a part of the time, whichever is more. */
export interface Tolerance {
  ms: number
  share: number
}

const NOTHING: OwnTime = { cpu: 0, wait: 0 }

/** Milliseconds for which the machine may take the processor away: twice the sampling interval. */
const HARMLESS_DISTURBANCE = 2
const MOST_ATTEMPTS = 8

/** Defines a test for each workload, but for those that the runtime's limits exclude. */
export function defineTruth(
  { test, runtime, entry }: Subject,
  workloads: readonly Workload[],
  tolerance: Tolerance
): void {
  for (const workload of workloads) {
    if (limits[runtime]?.[workload.name] === undefined) {
      test(`true times of ${workload.name}`, async () => {
        const { profile, truth } = await leastDisturbed(() => measure(entry.profiler(), workload))
        const rows = compare(profile, truth, tolerance)
        assert.ok(!rows.some(({ isWrong }) => isWrong), rows.map(({ text }) => text).join('\n'))
      })
    }
  }
}

interface Measured {
  profile: JsonProfile
  truth: Truth
}

async function measure(
  profiler: ReturnType<Subject['entry']['profiler']>,
  { handlers }: Workload
): Promise<Measured> {
  const ledger = new Ledger()
  const app = new Hono<Env>()
  app.use(profiler)
  app.use(async function measured(c, next) {
    c.set('scope', ledger.root)
    ledger.start()
    await next()
    ledger.stop()
  })
  app.get('/', ...(handlers as [Handler]))
  app.onError((error, c) => c.text(error.message, 500))
  const response = await app.request('/?profile=json')
  return { profile: (await response.json()) as JsonProfile, truth: ledger.truth() }
}

/**
 * Other programs may take the processor away in the midst of a measurement; then it is made again. The first one
 * compiles the code and does not count.
 */
async function leastDisturbed(make: () => Promise<Measured>): Promise<Measured> {
  await make()
  let best = await make()
  for (let i = 1; i < MOST_ATTEMPTS && best.truth.disturbance > HARMLESS_DISTURBANCE; i++) {
    const next = await make()
    best = next.truth.disturbance < best.truth.disturbance ? next : best
  }
  return best
}

/** Every path that the truth or the profile has; the empty path is what no known function did. */
function compare(
  { rootFrame }: JsonProfile,
  { functions }: Truth,
  { ms, share }: Tolerance
): { isWrong: boolean; text: string }[] {
  const measured = ownTimes(rootFrame, namesOf(functions))
  const paths = new Set([...Object.keys(functions), ...Object.keys(measured)])
  return [...paths].sort().map((path) => {
    const known = functions[path] ?? NOTHING
    const found = measured[path] ?? NOTHING
    const isOff = (part: keyof OwnTime): boolean =>
      Math.abs(found[part] - known[part]) > Math.max(ms, share * known[part])
    const cell = (part: keyof OwnTime): string =>
      `${part} ${found[part].toFixed(1)} / ${known[part].toFixed(1)}${isOff(part) ? ' *' : ''}`
    return {
      isWrong: isOff('cpu') || isOff('wait'),
      text: `${cell('cpu')}, ${cell('wait')}: ${path || '(no known function)'}`,
    }
  })
}
