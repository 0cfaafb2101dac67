/** What a recording costs the requests beside it. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { createHook } from 'node:async_hooks'
import { profile } from 'hono-profiler'
import { formatted, inTurns, medianRatio, tell, timed } from './measure.ts'

const AWAITS = 10_000
const ROUNDS = 25

async function bareAwaits(): Promise<void> {
  for (let i = 0; i < AWAITS; i++) {
    await null
  }
}

const rows = Array.from({ length: 200 }, (_, id) => ({ id, name: `Order ${id}`, total: id * 1.2 }))
const app = new Hono()
app.use(async (_c, next) => {
  await next()
})
app.get('/orders', async (c) => {
  await new Promise(setImmediate)
  const found = rows.filter(({ id }) => id % 2 === 0)
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
  for (let i = 0; i < 20; i++) {
    await (await app.request('/orders')).text()
  }
}

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

/** Measures while all promises are watched by hooks that do nothing. */
async function hooked(work: () => unknown): Promise<number> {
  const nothing = (): undefined => undefined
  const hook = createHook({ init: nothing, before: nothing, after: nothing }).enable()
  const ms = await timed(work)
  hook.disable()
  return ms
}

for (const [work, what, reach] of [
  [typicalRoute, 'a typical route (two turns of the loop, HTML, JSON)', '1.05x'],
  [bareAwaits, '10,000 bare awaits', '1.5x'],
] as const) {
  await recorded(work)
  const ms = await inTurns(ROUNDS, {
    alone: () => timed(work),
    beside: () => recorded(work),
    hooked: () => hooked(work),
  })
  tell({
    what: `${what} beside a recording`,
    measured: formatted(medianRatio(ms.beside, ms.alone), 'x'),
    beside: `empty \`async_hooks\` ${formatted(medianRatio(ms.hooked, ms.alone), 'x')}`,
    reach,
  })
}
