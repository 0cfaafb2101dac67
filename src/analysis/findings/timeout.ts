import type { SessionData } from '../../session/records.ts'
import { lengthUs, unionOf } from '../intervals.ts'
import { awaitingEntries } from '../lines.ts'
import { awaited } from '../waits.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'

/** The part of the request that has to be spent where the timeout came. */
const LEAST_SHARE = 0.1

/** A line that waits, by the stack that leads there. */
interface Site {
  entry: number
  /** Positions of what it awaited, what had ended in time included. */
  waits: number[]
  us: number
}

/** Where the request was waiting when a timeout, such as that of `hono/timeout`, went on without it. */
export function timedOut(data: SessionData): Finding[] {
  const [longest, ...others] = pendingSites(data)
  if (!longest || !isWorthTelling(data, longest.us / 1000, LEAST_SHARE)) {
    return []
  }
  const { stacks, functions } = data
  const { entry, waits, us } = longest
  const record = functions[stacks.function[entry]!]!
  const line = stacks.line[entry] || record.line
  const time = us / 1000
  const places = others.length > 1 ? 'places' : 'place'
  const elsewhere = others.length > 0 ? `, and in ${others.length} other ${places}` : ''
  const times = waits.length > 1 ? ` in ${waits.length} waits` : ''
  return [
    {
      kind: 'timeout',
      title: `Timed out while waiting in ${placeText(record, line)}${calledAt(data, entry)}${elsewhere}: ${timeText(data, time)}${times}, ${shareText(data, time)} of the request`,
      advice:
        'The timeout was over before this line had its answer: make what it waits for faster, or allow it more time.',
      time,
      saving: time,
      function: record,
      line,
      waits,
      view: 'timeline',
    },
  ]
}

/** The lines of the application that were still waiting, innermost ones alone, most time first. */
function pendingSites(data: SessionData): Site[] {
  const siteOf = awaitingEntries(data)
  const pending = new Set(siteOf.filter((site, i) => site >= 0 && data.waits[i]!.unfinished))
  for (const site of [...pending]) {
    for (let above = data.stacks.parent[site]!; above >= 0; above = data.stacks.parent[above]!) {
      pending.delete(above)
    }
  }
  return [...pending]
    .map((entry): Site => {
      const waits = data.waits.flatMap((_, i) => (siteOf[i] === entry ? [i] : []))
      const intervals = waits.map((i) => awaited(data.waits[i]!))
      return { entry, waits, us: lengthUs(unionOf(intervals)) }
    })
    .sort((a, b) => b.us - a.us)
}

/** The line of another function of the application that leads there. */
function calledAt({ stacks, functions }: SessionData, entry: number): string {
  for (let above = stacks.parent[entry]!; above >= 0; above = stacks.parent[above]!) {
    const record = functions[stacks.function[above]!]!
    if (record.origin === 'app' && stacks.function[above] !== stacks.function[entry]) {
      return `, called in ${placeText(record, stacks.line[above] || record.line)}`
    }
  }
  return ''
}
