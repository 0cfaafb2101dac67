/** Reading a session of a million samples and 25,000 stacks, and asking it for its tree and its functions. */
import { Session } from 'hono-profiler'
import type { Row } from './measure.ts'
import { formatted, median } from './measure.ts'
import { largeSession } from './page/large-session.ts'

const ms: Record<'parse' | 'pass' | 'open' | 'tree' | 'flat', number[]> = {
  parse: [],
  pass: [],
  open: [],
  tree: [],
  flat: [],
}

function lap<T>(times: number[], work: () => T): T {
  const startMs = performance.now()
  const value = work()
  times.push(performance.now() - startMs)
  return value
}

/** The least that a profiler must do: the time of each stack, with that of what it calls. */
function timesOfStacks({ samples, stacks }: ReturnType<typeof largeSession>): Float64Array {
  const times = new Float64Array(stacks.parent.length)
  samples.stack.forEach((stack, i) => {
    times[stack]! += samples.durationUs[i]!
  })
  for (let entry = times.length - 1; entry >= 0; entry--) {
    const parent = stacks.parent[entry]!
    if (parent >= 0) {
      times[parent]! += times[entry]!
    }
  }
  return times
}

export function* rows(): Generator<Row> {
  const json = JSON.stringify(largeSession(1_000_000, 25_000))
  for (let round = 0; round < 5; round++) {
    const records = lap(ms.parse, () => JSON.parse(json) as ReturnType<typeof largeSession>)
    lap(ms.pass, () => timesOfStacks(records))
    const session = lap(ms.open, () => Session.fromJSON(json))
    lap(ms.tree, () => session.rootFrame())
    lap(ms.flat, () => session.flat())
  }
  const floor = median(ms.parse) + median(ms.pass)
  const total = median(ms.open) + median(ms.tree) + median(ms.flat)
  yield {
    what: 'a session of 1 M samples and 25 k stacks: read, tree, functions',
    measured: `${formatted(total, ' ms')} (${formatted(median(ms.open), '')} + ${formatted(median(ms.tree), '')} + ${formatted(median(ms.flat), '')}), ${formatted(total / floor, 'x')}`,
    beside: `the floor, \`JSON.parse\` and one pass, ${formatted(floor, ' ms')}`,
    reach: '2x the floor',
  }
}
