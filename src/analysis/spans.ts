import type { SessionData } from '../session/records.ts'

/** The parts of a request that bear one name. */
export interface SpanTime {
  name: string
  /** Milliseconds of all of them together, waiting included; those that overlap count each. */
  time: number
  count: number
}

/** The parts that the user named by `span`, most time first. */
export function userSpans({ spans }: SessionData): SpanTime[] {
  const byName = new Map<string, SpanTime>()
  for (const { name, kind, startUs, endUs } of spans) {
    if (kind === 'user') {
      const sum = byName.get(name) ?? { name, time: 0, count: 0 }
      sum.time += (endUs - startUs) / 1000
      sum.count++
      byName.set(name, sum)
    }
  }
  return [...byName.values()].sort((a, b) => b.time - a.time)
}
