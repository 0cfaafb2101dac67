import type { OwnTime } from './ledger.ts'
import type { Measurement } from './measure.ts'
import { namesOf, ownTimes } from './measure.ts'

const NOTHING: OwnTime = { cpu: 0, wait: 0 }
const SURE = { cpu: 0, wait: 0 }

/** What may be different from the truth. */
export interface Tolerance {
  /** Gives the milliseconds by which a time may be wrong. */
  of: (truth: number) => number
  /** Milliseconds by which waits may be shorter as well. */
  uncountedWait?: number
}

/** The times of one path of functions, on average over some requests. */
export interface Row {
  path: string
  measured: OwnTime
  truth: OwnTime
  /** Errors of cpu and wait, as a part of what is tolerated. */
  errors: [cpu: number, wait: number]
}

/** Compares every path that the truth or a profile has; the empty path is what no known function did. */
export function compare(
  measurements: readonly Measurement[],
  { of: toleranceOf, uncountedWait = 0 }: Tolerance
): Row[] {
  const truth = meanOf(measurements.map((each) => each.truth.functions))
  const names = namesOf(truth)
  const measured = meanOf(measurements.map(({ profile }) => ownTimes(profile.rootFrame, names)))
  const paths = new Set([...Object.keys(truth), ...Object.keys(measured)])
  return [...paths].sort().map((path): Row => {
    const known = truth[path] ?? NOTHING
    const found = measured[path] ?? NOTHING
    const errorOf = (part: 'cpu' | 'wait', uncounted: number): number =>
      Math.max(found[part] - known[part], known[part] - found[part] - uncounted) /
      toleranceOf(known[part])
    const { unsure = SURE } = known
    const errors: Row['errors'] = [
      errorOf('cpu', unsure.cpu),
      errorOf('wait', uncountedWait + unsure.wait),
    ]
    return { path, measured: found, truth: known, errors }
  })
}

/** Whether no time is beyond what is tolerated. */
export function isTrue(rows: readonly Row[]): boolean {
  return rows.every(({ errors }) => errors.every((error) => error <= 1))
}

/** The rows as text: measured and true milliseconds, with an asterisk at what is wrong. */
export function tableOf(rows: readonly Row[]): string {
  const cell = (measured: number, truth: number, error: number): string =>
    `${measured.toFixed(1).padStart(7)} /${truth.toFixed(1).padStart(7)} ${error > 1 ? '*' : ' '}`
  return rows
    .map(({ path, measured, truth, errors: [cpu, wait] }) => {
      const times = [cell(measured.cpu, truth.cpu, cpu), cell(measured.wait, truth.wait, wait)]
      return `cpu ${times[0]} wait ${times[1]} ${path || '(no known function)'}`
    })
    .join('\n')
}

function meanOf(all: Record<string, OwnTime>[]): Record<string, OwnTime> {
  const mean: Record<string, OwnTime> = {}
  for (const [path, { cpu, wait, unsure = SURE }] of all.flatMap((each) => Object.entries(each))) {
    const own = (mean[path] ??= { cpu: 0, wait: 0, unsure: { cpu: 0, wait: 0 } })
    own.cpu += cpu / all.length
    own.wait += wait / all.length
    own.unsure!.cpu += unsure.cpu / all.length
    own.unsure!.wait += unsure.wait / all.length
  }
  return mean
}
