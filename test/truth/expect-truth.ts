import { expect } from 'vitest'
import type { OwnTime, Truth } from './ledger.ts'
import type { JsonFrame, JsonProfile, Measurement } from './measure.ts'
import { namesOf, ownTimes } from './measure.ts'

const NOTHING: OwnTime = { cpu: 0, wait: 0 }
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
  const rows = compare(measurements, isAmongReports)
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
    if (isTrue(compare(measurements, circumstances.isAmongReports ?? false))) {
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

interface Row {
  path: string
  measured: OwnTime
  truth: OwnTime
  /** Errors of cpu and wait, as a part of what is tolerated. */
  errors: [cpu: number, wait: number]
}

function isTrue(rows: readonly Row[]): boolean {
  return rows.every(({ errors }) => errors.every((error) => error <= 1))
}

/** Compares every path that the truth or a profile has; the empty path is what no known function did. */
function compare(measurements: readonly Measurement[], isAmongReports: boolean): Row[] {
  const names = namesOf(meanOf(measurements.map(({ truth }) => truth.functions)))
  const truth = meanOf(measurements.map((each) => each.truth.functions))
  const measured = meanOf(measurements.map(({ profile }) => ownTimes(profile.rootFrame, names)))
  const excluded = Math.max(...measurements.map(({ profile }) => profile.meta.overhead.excluded))
  const paths = new Set([...Object.keys(truth), ...Object.keys(measured)])
  return [...paths].sort().map((path): Row => {
    const known = truth[path] ?? NOTHING
    const found = measured[path] ?? NOTHING
    const errorOf = (part: keyof OwnTime, uncounted: number): number =>
      Math.max(found[part] - known[part], known[part] - found[part] - uncounted) /
      toleranceOf(known[part])
    const errors: Row['errors'] = [
      errorOf('cpu', 0),
      errorOf('wait', isAmongReports ? excluded : 0),
    ]
    return { path, measured: found, truth: known, errors }
  })
}

function meanOf(all: Record<string, OwnTime>[]): Record<string, OwnTime> {
  const mean: Record<string, OwnTime> = {}
  for (const [path, { cpu, wait }] of all.flatMap((each) => Object.entries(each))) {
    const own = (mean[path] ??= { cpu: 0, wait: 0 })
    own.cpu += cpu / all.length
    own.wait += wait / all.length
  }
  return mean
}

/** The rows as text: measured and true milliseconds. */
function tableOf(rows: Row[]): string {
  const cell = (measured: number, truth: number, error: number): string =>
    `${measured.toFixed(1).padStart(7)} /${truth.toFixed(1).padStart(7)} ${error > 1 ? '*' : ' '}`
  return rows
    .map(({ path, measured, truth, errors: [cpu, wait] }) => {
      const times = [cell(measured.cpu, truth.cpu, cpu), cell(measured.wait, truth.wait, wait)]
      return `cpu ${times[0]} wait ${times[1]} ${path || '(no known function)'}`
    })
    .join('\n')
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
