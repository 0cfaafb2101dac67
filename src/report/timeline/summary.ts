import { milliseconds } from '../../render/text.ts'
import { STATES } from '../../session/records.ts'
import { stateLabels } from '../split.ts'
import type { TimelineLayout } from './layout.ts'

/** Stretches that are told; more would not be listened to. */
const TOLD = 12

/** The timeline in words: its longest stretches of one state, in order of time. */
export function timelineSummary({ states, ends, duration }: TimelineLayout): string[] {
  const stretches: { state: string; start: number; end: number }[] = []
  let start = 0
  for (let i = 0; i < ends.length; i++) {
    if (states[i] !== states[i + 1]) {
      stretches.push({ state: STATES[states[i]!]!, start, end: ends[i]! })
      start = ends[i]!
    }
  }
  return stretches
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .slice(0, TOLD)
    .sort((a, b) => a.start - b.start)
    .map(({ state, start, end }) => {
      const { doing } = stateLabels.find((entry) => entry.state === state)!
      return `${milliseconds(start, duration)} to ${milliseconds(end, duration)}: ${doing}`
    })
}
