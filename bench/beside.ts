/** What a recording costs the requests beside it. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { profile } from 'hono-profiler'
import { apart, worksOf } from './apart.ts'
import { hasHooks, withHooks } from './hooks.ts'
import type { Row, Works } from './measure.ts'
import { formatted, inTurns, medianRatio, onCoarseClock, timed } from './measure.ts'
import { sampled } from './sampler.ts'

const AWAITS = 10_000 * onCoarseClock(50)
const REQUESTS = 200
const ROUNDS = 25

async function bareAwaits(): Promise<void> {
  for (let i = 0; i < AWAITS; i++) {
    await null
  }
}

const orders = Array.from({ length: 200 }, (_, id) => ({
  id,
  name: `Order ${id}`,
  total: id * 1.2,
}))
const app = new Hono()
app.use(async (_c, next) => {
  await next()
})
app.get('/orders', async (c) => {
  await new Promise(setImmediate)
  const found = orders.filter(({ id }) => id % 2 === 0)
  await new Promise(setImmediate)
  const items = found.map(({ id, name, total }) => html`<li id="${id}">${name}: ${total}</li>`)
  return c.json({
    page: String(
      await html`<ul>
        ${items}
      </ul>`
    ),
    found,
  })
})

async function typicalRoute(): Promise<void> {
  for (let i = 0; i < REQUESTS; i++) {
    await (await app.request('/orders')).text()
  }
}

export const works: Works = worksOf(
  { bareAwaits, typicalRoute },
  { alone: timed, sampled, hooked: withHooks }
)

/** Measures while something else is recorded. */
async function recorded(work: () => unknown): Promise<number> {
  let ms = 0
  let end: (() => void) | undefined
  const recording = profile(
    () =>
      new Promise<void>((resolve) => {
        end = resolve
      })
  )
  while (!end) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  ms = await timed(work)
  end()
  await recording
  return ms
}

export async function* rows(): AsyncGenerator<Row> {
  for (const [work, what, reach] of [
    [typicalRoute, 'a typical route (two turns of the loop, HTML, JSON)', '1.05x'],
    [bareAwaits, 'bare awaits', '1.5x'],
  ] as const) {
    await recorded(work)
    const ms = await inTurns(ROUNDS, {
      alone: () => apart(works, `alone ${work.name}`),
      beside: () => recorded(work),
      sampled: () => apart(works, `sampled ${work.name}`),
      hooked: () => (hasHooks ? apart(works, `hooked ${work.name}`) : NaN),
    })
    yield {
      what: `${what} beside a recording`,
      measured: formatted(medianRatio(ms.beside, ms.alone), 'x'),
      beside: [
        `the sampler alone ${formatted(medianRatio(ms.sampled, ms.alone), 'x')}`,
        ...(hasHooks
          ? [`empty \`async_hooks\` ${formatted(medianRatio(ms.hooked, ms.alone), 'x')}`]
          : []),
      ].join(', '),
      reach,
    }
  }
}
