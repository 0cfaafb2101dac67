import { expect } from 'vitest'
import type { Row } from './compare.ts'
import { compare, isTrue, tableOf } from './compare.ts'
import type { Truth } from './ledger.ts'
import type { JsonFrame, JsonProfile, Measurement } from './measure.ts'

const STRANGERS = ['burnForOthers', 'strangerTick']

/** What may differ from one request to another. */
interface Circumstances {
  /** What the requests throw. */
  error?: string | undefined
  /** Functions of other requests. */
  strangers?: readonly string[]
  /** Whether reports of others were made meanwhile. What was due then resumes later, which is not counted as waiting. */
  isAmongReports?: boolean
}

/** Rounds of measurements until what is measured is given up as wrong. */
const MOST_ROUNDS = 5

/** How far a time may be from the truth, in milliseconds. */
export const toleranceOf = (truth: number): number => Math.max(2, 0.03 * truth)

/**
 * Expects that the profiles of some requests are true: the times of every function, by its logical callers,
 * on average over the requests; nothing of others; and exact sums in each.
 */
export function expectTruth(
  measurements: readonly Measurement[],
  { error, strangers = [], isAmongReports = false }: Circumstances = {}
): void {
  for (const { profile, truth } of measurements) {
    expect(profile.meta.request?.error, 'what the request threw').toBe(error)
    expectExactSums(profile)
    expectNobodyElse(profile.rootFrame, [...STRANGERS, ...strangers])
    expect(durationError(profile, truth), 'the error of the duration').toBeLessThan(
      toleranceOf(truth.duration)
    )
  }
  const rows = rowsOf(measurements, isAmongReports)
  const isWrong = !isTrue(rows)
  const disturbances = measurements.map(({ truth }) => truth.disturbance.toFixed(1)).join(', ')
  expect(
    isWrong,
    `errors in the times of functions (* beyond tolerance; gaps between V8's samples of up to ${disturbances} ms):\n${tableOf(rows)}`
  ).toBe(false)
}

/**
 * Expects that profiles are true, and measures again and takes the mean of all while they are not: what samples
 * miss by chance, up to half an interval wherever one function hands over to another, shrinks with the number
 * of requests, and what is wrong does not.
 */
export async function expectTruthOnAverage(
  measure: () => Promise<Measurement[]>,
  circumstances: Circumstances = {}
): Promise<void> {
  const measurements: Measurement[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    measurements.push(...(await measure()))
    if (isTrue(rowsOf(measurements, circumstances.isAmongReports ?? false))) {
      break
    }
  }
  expectTruth(measurements, circumstances)
}

/** The profiler's own work counts in the truth as far as it lies between the ledger's start and end. */
function durationError({ meta }: JsonProfile, truth: Truth): number {
  const { duration, overhead } = meta
  return Math.max(duration - truth.duration, truth.duration - duration - overhead.excluded)
}

function rowsOf(measurements: readonly Measurement[], isAmongReports: boolean): Row[] {
  const excluded = Math.max(...measurements.map(({ profile }) => profile.meta.overhead.excluded))
  return compare(measurements, { of: toleranceOf, uncountedWait: isAmongReports ? excluded : 0 })
}

function expectExactSums({ meta, rootFrame }: JsonProfile): void {
  expect(rootFrame.time, 'the time of the root').toBe(meta.duration)
  const total = Object.values(meta.totals).reduce((sum, ms) => sum + ms, 0)
  expect(total, 'the sum of the totals').toBeCloseTo(meta.duration, 6)
  visitAll(rootFrame, (frame) => {
    if (frame.isSynthetic) {
      expect(frame.children, `children of ${frame.function}`).toEqual([])
      return
    }
    const calls = frame.children.filter((child) => !child.isSynthetic)
    const inCalls = calls.reduce((sum, { time }) => sum + time, 0)
    const inChildren = frame.children.reduce((sum, { time }) => sum + time, 0)
    const { time, totalSelfTime, absorbedTime, cpuTime, awaitTime, blockedTime } = frame
    expect(inCalls + totalSelfTime, `calls and self time of ${frame.function}`).toBeCloseTo(time, 6)
    expect(inChildren + absorbedTime, `children of ${frame.function}`).toBeCloseTo(time, 6)
    expect(cpuTime + awaitTime + blockedTime, `states of ${frame.function}`).toBeCloseTo(time, 6)
  })
}

function expectNobodyElse(root: JsonFrame, strangers: readonly string[]): void {
  visitAll(root, (frame) => {
    expect(strangers, 'a function of another request in the tree').not.toContain(frame.function)
  })
}

function visitAll(frame: JsonFrame, visit: (frame: JsonFrame) => void): void {
  visit(frame)
  frame.children.forEach((child) => {
    visitAll(child, visit)
  })
}
