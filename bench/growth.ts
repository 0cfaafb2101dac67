/** How what a recording costs grows with the time that it takes, and with the awaits that it sees. */
import { profile } from 'hono-profiler'
import { formatted, tell, timed } from './measure.ts'

const SECONDS = [0.1, 1, 10, 60]
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

async function grow(what: string, work: () => Promise<void>): Promise<void> {
  let workMs = 0
  const before = process.memoryUsage().rss
  let bytes = 0
  const totalMs = await timed(async () => {
    const { session } = await profile(async () => {
      workMs = await timed(work)
    })
    bytes = JSON.stringify(session).length
  })
  tell({
    what: `a recording of ${what}`,
    measured: `${formatted(totalMs - workMs, ' ms')} beside the request's ${formatted(workMs, ' ms')}`,
    beside: `session ${formatted(bytes / 1000, ' KB')}, memory ${formatted(Math.max(process.memoryUsage().rss - before, 0) / 1e6, ' MB')} more`,
    reach: 'linear',
  })
}

await profile(() => working(0.1))
for (const seconds of SECONDS) {
  await grow(`${seconds} s`, () => working(seconds))
}
for (const count of AWAITS) {
  await grow(`${count} awaits`, () => awaiting(count))
}
