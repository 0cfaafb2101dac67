/** What a recording costs the requests beside it. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { profile } from 'hono-profiler'
import { apart, recording, worksOf } from './apart.ts'
import { hasHooks, withHooks, withPromiseHooks } from './hooks.ts'
import type { Row, Works } from './measure.ts'
import { formatted, inTurns, medianRatio, onCoarseClock, timed } from './measure.ts'
import { sampled } from './sampler.ts'

const AWAITS = 10_000 * onCoarseClock(50)

/** Enough that the garbage of the recording before, which is collected meanwhile, does not count for a fifth. */
const REQUESTS = 1000
const ROUNDS = 15

/** The first recording of a process collects all garbage: what was compiled is compiled anew, and slower until then. */
const ROUNDS_BEFORE = 25

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

/** Measures while something else is recorded. */
async function recorded(work: () => unknown): Promise<number> {
  let ms = 0
  let end: (() => void) | undefined
  const recorded = profile(
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
  await recorded
  return ms
}

export const works: Works = worksOf(
  { bareAwaits, typicalRoute },
  { alone: timed, recorded, sampled, hooked: withHooks, watched: withPromiseHooks }
)

/** The peers, where there are any: each as a ratio to the work alone. */
function besides(ms: Record<'alone' | 'sampled' | 'hooked' | 'watched', number[]>): string {
  const ratio = (of: number[]): string => formatted(medianRatio(of, ms.alone), 'x')
  const hooks = `, V8's empty hooks ${ratio(ms.watched)}, empty \`async_hooks\` ${ratio(ms.hooked)}`
  return `the sampler alone ${ratio(ms.sampled)}${hasHooks ? hooks : ''}`
}

export async function* rows(): AsyncGenerator<Row> {
  for (const [work, what, reach] of [
    [typicalRoute, 'a typical route (two turns of the loop, HTML, JSON)', '1.05x'],
    [bareAwaits, 'bare awaits', '1.5x'],
  ] as const) {
    for (let round = 0; round < ROUNDS_BEFORE; round++) {
      await recording(works, `recorded ${work.name}`)
      await apart(works, `alone ${work.name}`)
    }
    const ms = await inTurns(ROUNDS, {
      alone: () => apart(works, `alone ${work.name}`),
      beside: () => recording(works, `recorded ${work.name}`),
      sampled: () => apart(works, `sampled ${work.name}`),
      hooked: () => (hasHooks ? apart(works, `hooked ${work.name}`) : NaN),
      watched: () => (hasHooks ? apart(works, `watched ${work.name}`) : NaN),
    })
    yield {
      what: `${what} beside a recording`,
      measured: formatted(medianRatio(ms.beside, ms.alone), 'x'),
      beside: besides(ms),
      reach,
    }
  }
}
