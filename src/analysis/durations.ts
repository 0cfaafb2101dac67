import type { SessionMeta } from '../session/records.ts'

/** How the durations of merged requests spread. All times are milliseconds. */
export interface DurationSpread {
  median: number
  /** A quarter of the requests were shorter. */
  lowerQuartile: number
  /** A quarter of the requests were longer. */
  upperQuartile: number
  shortest: number
  longest: number
}

/** The spread of the durations of merged requests; undefined for a single one, and where they are not known. */
export function durationSpread({ durations }: SessionMeta): DurationSpread | undefined {
  if (!durations || durations.length < 2) {
    return undefined
  }
  const sorted = [...durations].sort((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
    shortest: sorted[0]!,
    longest: sorted.at(-1)!,
  }
}

/** Between two values, in proportion. */
function quantile(sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part
  const below = Math.floor(position)
  const above = Math.ceil(position)
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below)
}
