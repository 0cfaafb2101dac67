import type { SampleTable, Totals } from '../session/records.ts'
import { STATES } from '../session/records.ts'

/** Milliseconds spent in each state. */
export function totalsOf({ state, durationUs }: SampleTable): Totals {
  const sumsUs = STATES.map(() => 0)
  state.forEach((number, i) => {
    sumsUs[number]! += durationUs[i]!
  })
  return Object.fromEntries(STATES.map((name, number) => [name, sumsUs[number]! / 1000])) as Totals
}
