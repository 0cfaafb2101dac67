/** A stretch of time in microseconds of the session. */
export interface Interval {
  startUs: number
  endUs: number
}

/** The stretches that at least one of the intervals covers, in order of time. */
export function unionOf(intervals: readonly Interval[]): Interval[] {
  const union: Interval[] = []
  for (const { startUs, endUs } of [...intervals].sort((a, b) => a.startUs - b.startUs)) {
    const last = union.at(-1)
    if (last && startUs <= last.endUs) {
      last.endUs = Math.max(last.endUs, endUs)
    } else {
      union.push({ startUs, endUs })
    }
  }
  return union
}

export function lengthUs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0)
}

/** The time that two unions share. */
export function sharedUs(a: readonly Interval[], b: readonly Interval[]): number {
  let sharedUs = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const endUs = Math.min(a[i]!.endUs, b[j]!.endUs)
    sharedUs += Math.max(0, endUs - Math.max(a[i]!.startUs, b[j]!.startUs))
    if (a[i]!.endUs <= b[j]!.endUs) {
      i++
    } else {
      j++
    }
  }
  return sharedUs
}
