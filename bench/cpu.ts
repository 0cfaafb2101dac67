/** What V8's sampler costs a recorded route that computes, at 1 ms. */
import { html } from 'hono/html'
import { jsx } from 'hono/jsx'
import { Session } from 'node:inspector'
import { profile } from 'hono-profiler'
import { formatted, inTurns, medianRatio, tell, timed } from './measure.ts'

const ROUNDS = 15

function fib(n: number): number {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

const rows = Array.from({ length: 400 }, (_, id) => ({ id, name: `Order ${id}`, tags: ['a', 'b'] }))
const text = Array.from(
  { length: 300 },
  (_, i) => `# Part ${i}\n\nSome *words* and [links](/${i}).`
)

function repeat(times: number, work: () => unknown): void {
  for (let i = 0; i < times; i++) {
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
  recursion: [() => fib(29), '1.05x'],
  JSON: [() => repeat(60, () => JSON.parse(JSON.stringify(rows)) as unknown), '1.05x'],
  JSX: [
    () =>
      repeat(15, () =>
        String(jsx('ul', {}, ...rows.map((row) => jsx('li', { id: row.id }, row.name))))
      ),
    '1.05x',
  ],
  Markdown: [() => repeat(40, () => markdown(text.join('\n\n'))), '1.05x'],
  templates: [
    () =>
      repeat(40, () =>
        String(
          html`<ul>
            ${rows.map((row) => html`<li>${row.name}</li>`)}
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

/** V8's sampler alone. */
async function sampled(work: () => unknown): Promise<number> {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 1000 })
  session.post('Profiler.start')
  const ms = await timed(work)
  session.post('Profiler.stop')
  session.disconnect()
  return ms
}

for (const [name, [work, reach]] of Object.entries(routes)) {
  await recorded(work)
  const ms = await inTurns(ROUNDS, {
    bare: () => timed(work),
    recorded: () => recorded(work),
    sampled: () => sampled(work),
  })
  tell({
    what: `a recorded route that computes: ${name}`,
    measured: formatted(medianRatio(ms.recorded, ms.bare), 'x'),
    beside: `V8's sampler alone ${formatted(medianRatio(ms.sampled, ms.bare), 'x')}`,
    reach,
  })
}
