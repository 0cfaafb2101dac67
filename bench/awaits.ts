/** What an await costs while it is recorded. */
import { profile } from 'hono-profiler'
import { apart, worksOf } from './apart.ts'
import { hasHooks, withStacks } from './hooks.ts'
import type { Row, Works } from './measure.ts'
import { formatted, inTurns, median, medianRatio, onCoarseClock, timed } from './measure.ts'

const AWAITS = 5000 * onCoarseClock(2)
const ROUNDS = 9
const TIMERS = 100

async function bareAwaits(): Promise<void> {
  for (let i = 0; i < AWAITS; i++) {
    await null
  }
}

async function load(): Promise<void> {
  await undefined
}

/** Two awaits each time: that of the function, and that in it. */
async function awaitedCalls(): Promise<void> {
  for (let i = 0; i < AWAITS / 2; i++) {
    await load()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function turnsOfTheLoop(): Promise<void> {
  for (let i = 0; i < AWAITS / 2; i++) {
    await turn()
  }
}

/** An await-bound request: what it waits for takes part of a millisecond, as a database on the same machine does. */
async function shortTimers(): Promise<void> {
  for (let i = 0; i < TIMERS; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export const works: Works = worksOf(
  { bareAwaits, awaitedCalls, turnsOfTheLoop, shortTimers },
  { bare: timed, stacks: withStacks }
)

let toldMs = 0

async function recorded(work: () => Promise<void>): Promise<number> {
  let ms = 0
  const { session } = await profile(async () => {
    ms = await timed(work)
  })
  toldMs = session.duration
  return ms
}

export async function* rows(): AsyncGenerator<Row> {
  const reach = process.version.startsWith('v20.') ? '6 us' : '4 us'
  for (const [work, what, count] of [
    [bareAwaits, 'a recorded await of a value', AWAITS],
    [awaitedCalls, 'a recorded await, half of them of async functions', AWAITS],
    [turnsOfTheLoop, 'a recorded await of a turn of the loop', AWAITS / 2],
  ] as const) {
    await recorded(work)
    const told: number[] = []
    const ms = await inTurns(ROUNDS, {
      bare: () => apart(works, `bare ${work.name}`),
      recorded: async () => {
        const each = await recorded(work)
        told.push(toldMs)
        return each
      },
      stacks: () => (hasHooks ? apart(works, `stacks ${work.name}`) : NaN),
    })
    const perAwait = (numbers: number[]): string =>
      formatted((median(numbers.map((each, i) => each - ms.bare[i]!)) * 1000) / count, ' us')
    yield {
      what,
      measured: `${perAwait(ms.recorded)} more, ${perAwait(told)} of it told as the request's`,
      beside: hasHooks ? `a stack in each hook ${perAwait(ms.stacks)}` : '',
      reach,
    }
  }
  await recorded(shortTimers)
  const ms = await inTurns(5, {
    bare: () => apart(works, 'bare shortTimers'),
    recorded: () => recorded(shortTimers),
  })
  yield {
    what: `a request of ${TIMERS} waits of 1 ms`,
    measured: formatted(medianRatio(ms.recorded, ms.bare), 'x'),
    beside: '',
    reach: '2x',
  }
}
