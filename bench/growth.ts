/** How what a recording costs grows with the time that it takes, and with the awaits that it sees. */
import { profile } from 'hono-profiler'
import type { Row } from './measure.ts'
import { formatted, runtime, timed } from './measure.ts'

/** A minute on one runtime is enough to see that nothing bends. */
const SECONDS = runtime === 'node' ? [0.1, 1, 10, 60] : [0.1, 1, 10]
const AWAITS = [10, 100, 1000, 100_000]

function busy(ms: number): number {
  const untilMs = performance.now() + ms
  let sum = 0
  while (performance.now() < untilMs) {
    sum += JSON.stringify({ sum }).length
  }
  return sum
}

async function load(): Promise<void> {
  await undefined
}

async function working(seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 20; i++) {
    busy(25)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function awaiting(count: number): Promise<void> {
  for (let i = 0; i < count / 2; i++) {
    await load()
  }
}

/** Bytes that the process takes; undefined where a worker cannot know it. */
function memory(): number | undefined {
  return runtime === 'workerd' ? undefined : process.memoryUsage().rss
}

async function grow(what: string, work: () => Promise<void>): Promise<Row> {
  let workMs = 0
  const before = memory()
  let bytes = 0
  const totalMs = await timed(async () => {
    const { session } = await profile(async () => {
      workMs = await timed(work)
    })
    bytes = JSON.stringify(session).length
  })
  const more = before === undefined ? undefined : Math.max(memory()! - before, 0) / 1e6
  return {
    what: `a recording of ${what}`,
    measured: `${formatted(totalMs - workMs, ' ms')} beside the request's ${formatted(workMs, ' ms')}`,
    beside:
      `session ${formatted(bytes / 1000, ' KB')}` +
      (more === undefined ? '' : `, memory ${formatted(more, ' MB')} more`),
    reach: 'linear',
  }
}

export async function* rows(): AsyncGenerator<Row> {
  await profile(() => working(0.1))
  for (const seconds of SECONDS) {
    yield await grow(`${seconds} s`, () => working(seconds))
  }
  for (const count of AWAITS) {
    yield await grow(`${count} awaits`, () => awaiting(count))
  }
}
