/** What the sampler costs a recorded route that computes, at 1 ms. */
import { html } from 'hono/html'
import { jsx } from 'hono/jsx'
import { profile } from 'hono-profiler'
import { apart, recording, worksOf } from './apart.ts'
import type { Row, Works } from './measure.ts'
import { formatted, inTurns, medianRatio, timed } from './measure.ts'
import { sampled } from './sampler.ts'

const ROUNDS = 15
/**
 * How often a piece of work is done at once: enough that garbage is collected several times in each variant. Where it
 * was collected once in a round, it was in the same variant every time, and that one seemed to be half as slow again.
 */
const TIMES = 20

function fib(n: number): number {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

const orders = Array.from({ length: 400 }, (_, id) => ({
  id,
  name: `Order ${id}`,
  tags: ['a', 'b'],
}))
const text = Array.from(
  { length: 300 },
  (_, i) => `# Part ${i}\n\nSome *words* and [links](/${i}).`
)

function repeat(times: number, work: () => unknown): void {
  for (let i = 0; i < times * TIMES; i++) {
    work()
  }
}

function markdown(source: string): string {
  return source
    .split('\n\n')
    .map((block) =>
      block.startsWith('# ')
        ? `<h1>${block.slice(2)}</h1>`
        : `<p>${block.replace(/\*(.+?)\*/g, '<em>$1</em>').replace(/\[(.+?)\]\((.+?)\)/g, '<a href="$2">$1</a>')}</p>`
    )
    .join('\n')
}

function deep(depth: number, work: () => number): number {
  return depth === 0 ? work() : deep(depth - 1, work) + 1
}

const routes: Record<string, [work: () => unknown, reach: string]> = {
  recursion: [() => repeat(1, () => fib(29)), '1.05x'],
  JSON: [() => repeat(60, () => JSON.parse(JSON.stringify(orders)) as unknown), '1.05x'],
  JSX: [
    () =>
      repeat(15, () =>
        String(jsx('ul', {}, ...orders.map((row) => jsx('li', { id: row.id }, row.name))))
      ),
    '1.05x',
  ],
  Markdown: [() => repeat(40, () => markdown(text.join('\n\n'))), '1.05x'],
  templates: [
    () =>
      repeat(40, () =>
        String(
          html`<ul>
            ${orders.map((row) => html`<li>${row.name}</li>`)}
          </ul>`
        )
      ),
    '1.05x',
  ],
  'stacks 400 deep': [() => repeat(200, () => deep(400, () => fib(12))), '1.10x'],
}

async function recorded(work: () => unknown): Promise<number> {
  let ms = 0
  await profile(async () => {
    ms = await timed(work)
  })
  return ms
}

export const works: Works = worksOf(
  Object.fromEntries(Object.entries(routes).map(([name, [work]]) => [name, work])),
  { bare: timed, recorded, sampled }
)

export async function* rows(): AsyncGenerator<Row> {
  for (const [name, [, reach]] of Object.entries(routes)) {
    await recording(works, `recorded ${name}`)
    const ms = await inTurns(ROUNDS, {
      bare: () => apart(works, `bare ${name}`),
      recorded: () => recording(works, `recorded ${name}`),
      sampled: () => apart(works, `sampled ${name}`),
    })
    yield {
      what: `a recorded route that computes: ${name}`,
      measured: formatted(medianRatio(ms.recorded, ms.bare), 'x'),
      beside: `the sampler alone ${formatted(medianRatio(ms.sampled, ms.bare), 'x')}`,
      reach,
    }
  }
}
