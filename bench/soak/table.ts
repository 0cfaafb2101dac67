import { KEPT_SESSIONS } from './app.ts'
import type { Trend } from './flatness.ts'
import type { SoakResult } from './soak.ts'

/** Memory may end higher by so many megabytes after the time that was measured, by its slope, and is called flat. */
const FLAT_MB = { heap: 4, rss: 80 }

/** The results as a table in Markdown. */
export function tableOf(results: readonly SoakResult[]): string {
  const rows: [string, (result: SoakResult) => string][] = [
    ['', ({ runtime, version }) => `${runtime === 'node' ? 'Node' : 'Bun'} ${version}`],
    ['---', () => '---:'],
    ['minutes', ({ minutes }) => String(minutes)],
    ['requests', ({ tally }) => grouped(tally.requests)],
    ['of them profiled', ({ tally }) => grouped(tally.profiled)],
    ['wrong answers', ({ tally }) => String(tally.wrong)],
    ['requests without an answer', ({ tally }) => String(tally.errors)],
    ['warnings of the profiler', ({ warnings }) => String(warnings.length)],
    ['heap after warm-up and at the end, MB', ({ trends }) => range(trends.heap)],
    ['its slope, MB per minute', ({ trends }) => trends.heap.slope.toFixed(2)],
    ['memory of the process, MB', ({ trends }) => range(trends.rss)],
    ['its slope, MB per minute', ({ trends }) => trends.rss.slope.toFixed(2)],
    ['open handles', ({ trends }) => range(trends.handles, 0)],
    ['session files, all read and checked', ({ sessions }) => grouped(sessions)],
  ]
  return rows.map(([name, cell]) => `| ${[name, ...results.map(cell)].join(' | ')} |`).join('\n')
}

/** Sentences about what was not as it has to be; none when all is well. */
export function failuresOf(result: SoakResult): string[] {
  const { runtime, minutes, tally, trends, warnings, sessions } = result
  const failures = [...tally.failures, ...warnings]
  for (const kind of ['heap', 'rss'] as const) {
    const growth = trends[kind].slope * minutes
    if (minutes >= SHORTEST_TREND_MINUTES && growth > FLAT_MB[kind]) {
      failures.push(`${kind} grows by ${trends[kind].slope.toFixed(2)} MB per minute`)
    }
  }
  const { first, last } = trends.handles
  if (last > first) {
    failures.push(`${last} handles are open, ${first} were`)
  }
  if (sessions === 0 || sessions > KEPT_SESSIONS) {
    failures.push(`${sessions} session files are there; ${KEPT_SESSIONS} are the most`)
  }
  return failures.map((failure) => `${runtime}: ${failure}`)
}

/** Before that caches still fill, and the slope says nothing. */
const SHORTEST_TREND_MINUTES = 5

function range({ first, last }: Trend, digits = 1): string {
  return `${first.toFixed(digits)} – ${last.toFixed(digits)}`
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
