import type { SessionMeta } from '../../session/records.ts'
import { durationText, measurement, recordedText, samplesText, stateShares } from '../summary.ts'
import { milliseconds, percent } from '../text.ts'
import type { Look, Paint } from './look.ts'

/** The mark of the project, and beside it when and how finely the session was recorded. */
export function headerLines(meta: SessionMeta, { paint, glyphs }: Look): string[] {
  const beside = [
    paint('title', 'hono profiler'),
    `Recorded ${recordedText(meta)}`,
    samplesText(meta),
  ]
  const colors = ['hot', 'hot', 'warm'] as const
  return glyphs.mark.map((line, i) => `${paint(colors[i]!, line)} ${beside[i]!}`)
}

/** `Duration 393.0 ms   cpu 120.3 ms 31%   await 209.7 ms 53%`, and so on, without states that took no time. */
export function totalsLine(meta: SessionMeta, paint: Paint): string {
  const { duration } = meta
  const states = stateShares(meta)
    .filter(({ time }) => time > 0)
    .map(({ state, time, share }) =>
      paint(state, `${state} ${milliseconds(time, duration)} ${percent(share, 1)}`)
    )
  return [`Duration ${durationText(meta)}`, ...states].join('   ')
}

/** How the figures were obtained, what recording cost, and what else the reader should know. */
export function footerLines(meta: SessionMeta, { paint, glyphs }: Look): string[] {
  return measurement(meta, glyphs.ellipsis).map(({ label, text }) =>
    paint(label === 'note' ? 'warm' : 'faint', `${label.padEnd(8)}  ${text}`)
  )
}
