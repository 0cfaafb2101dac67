import type { EventEmitter } from 'node:events'
import { console, Session } from 'node:inspector'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'

/** In milliseconds of `performance.now()`. */
export interface Stretch {
  start: number
  end: number
}

/** Milliseconds; what is shorter is of no interest. */
const SHORTEST_GAP = 1.5

const gaps: Stretch[] = []

/** When each profile was started, on the clock of `performance.now()`, by its title. */
const started = new Map<string, number>()

/** Reads every profile that V8 gives in this process, for the times at which it took no samples. */
export function watchSampling(): void {
  const profile = console.profile.bind(console)
  console.profile = (title: string) => {
    started.set(title, performance.now())
    profile(title)
  }
  const sessions: EventEmitter = Session.prototype
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called on the session below.
  const { emit } = sessions
  sessions.emit = function (event, ...args: unknown[]) {
    if (event === 'Profiler.consoleProfileFinished') {
      const [{ params }] = args as [{ params: { title: string; profile: V8Profile } }]
      noteGaps(params.profile, started.get(params.title)!)
      started.delete(params.title)
    }
    return emit.call(this, event, ...args)
  }
}

/** The longest time without a sample that overlaps with one of the stretches. */
export function longestGap(stretches: readonly Stretch[]): number {
  const overlapping = gaps.filter((gap) =>
    stretches.some(({ start, end }) => gap.end > start && gap.start < end)
  )
  return Math.max(0, ...overlapping.map(({ start, end }) => end - start))
}

/** V8's samples lie on a monotonic clock; the first stands at the end of V8's walk over the heap. */
function noteGaps({ startTime, endTime, timeDeltas = [] }: V8Profile, startedAt: number): void {
  const offset = startedAt - startTime / 1000
  let last = (startTime + (timeDeltas[0] ?? 0)) / 1000
  for (const next of [...timesAfter(last, timeDeltas.slice(1)), endTime / 1000]) {
    if (next - last > SHORTEST_GAP) {
      gaps.push({ start: last + offset, end: next + offset })
    }
    last = next
  }
}

function timesAfter(start: number, deltasUs: readonly number[]): number[] {
  let time = start
  return deltasUs.map((us) => (time += us / 1000))
}
