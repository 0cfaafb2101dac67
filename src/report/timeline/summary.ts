import { milliseconds } from '../../render/text.ts'
import { stateLabels } from '../split.ts'
import type { TimelineLayout } from './layout.ts'

/** Stretches that are told; more would not be listened to. */
const TOLD = 12

/** The timeline in words: its longest stretches of one state, in order of time. */
export function timelineSummary({ moments, duration }: TimelineLayout): string[] {
  const stretches: { state: string; start: number; end: number }[] = []
  for (const [index, state] of moments.state.entries()) {
    const last = stretches.at(-1)
    if (last?.state === state) {
      last.end = moments.end[index]!
    } else {
      stretches.push({ state, start: moments.start[index]!, end: moments.end[index]! })
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
