/** What an await costs while it is recorded. */
import { createHook, executionAsyncId } from 'node:async_hooks'
import { profile } from 'hono-profiler'
import { formatted, inTurns, median, medianRatio, tell, timed } from './measure.ts'

const AWAITS = 5000
const ROUNDS = 9

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
  for (let i = 0; i < 100; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

let toldMs = 0

async function recorded(work: () => Promise<void>): Promise<number> {
  let ms = 0
  const { session } = await profile(async () => {
    ms = await timed(work)
  })
  toldMs = session.duration
  return ms
}

/** As profilers of awaits usually do it: a stack in every hook. */
async function withStacks(work: () => Promise<void>): Promise<number> {
  const stacks = new Map<number, object>()
  const hook = createHook({
    init(id, _type, trigger) {
      if (trigger !== executionAsyncId()) {
        const holder = {}
        Error.captureStackTrace(holder)
        stacks.set(id, holder)
      }
    },
    before: () => undefined,
    after: () => undefined,
  }).enable()
  const ms = await timed(work)
  hook.disable()
  return ms
}

const [major] = process.versions.node.split('.')
const reach = major === '20' ? '6 us' : '4 us'
for (const [work, what] of [
  [bareAwaits, 'a recorded await of a value'],
  [awaitedCalls, 'a recorded await, half of them of async functions'],
  [turnsOfTheLoop, 'a recorded await of a turn of the loop'],
] as const) {
  await recorded(work)
  const count = work === turnsOfTheLoop ? AWAITS / 2 : AWAITS
  const told: number[] = []
  const ms = await inTurns(ROUNDS, {
    bare: () => timed(work),
    recorded: async () => {
      const each = await recorded(work)
      told.push(toldMs)
      return each
    },
    stacks: () => withStacks(work),
  })
  const perAwait = (numbers: number[]): string =>
    formatted((median(numbers.map((each, i) => each - ms.bare[i]!)) * 1000) / count, ' us')
  tell({
    what,
    measured: `${perAwait(ms.recorded)} more, ${perAwait(told)} of it told as the request's`,
    beside: `a stack in each hook ${perAwait(ms.stacks)}`,
    reach,
  })
}
await recorded(shortTimers)
const ms = await inTurns(5, {
  bare: () => timed(shortTimers),
  recorded: () => recorded(shortTimers),
})
tell({
  what: 'a request of 100 waits of 1 ms',
  measured: formatted(medianRatio(ms.recorded, ms.bare), 'x'),
  beside: '',
  reach: '2x',
})
