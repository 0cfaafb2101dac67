import { durationSpread } from '../analysis/durations.ts'
import type { LineTime } from '../analysis/lines.ts'
import type { SessionMeta, State } from '../session/records.ts'
import { STATES } from '../session/records.ts'
import { counted, cutEnd, milliseconds, visible } from './text.ts'

/** Said in place of a tree. */
export const NO_SAMPLES = 'No samples were recorded.'

/** Overhead that is not worth a line, in milliseconds. */
const NEGLIGIBLE_OVERHEAD = 1

/** A body that takes a smaller share of the duration was there at once. */
const SHORTEST_BODY = 0.01

/** The longest message of an error, note or description of fidelity that is shown, in characters. */
const MAX_MESSAGE = 300

/** The texts that say what was profiled. */
export interface RequestText {
  /** `GET /orders?page=2 → 200`, or the name of the function that was profiled. */
  title: string
  /** The route's pattern, when it is known. */
  route: string | undefined
  /** `node 24.21.0` */
  runtime: string
  /** What the handler threw. */
  error: string | undefined
}

/** What was profiled, made safe for terminals. */
export function requestText(meta: SessionMeta, arrow: string, ellipsis: string): RequestText {
  const { request, description, runtime, runtimeVersion } = meta
  const url = request ? `${request.method} ${request.path}` : description
  const status = request?.status === undefined ? '' : ` ${arrow} ${request.status}`
  return {
    title: messageText(url, ellipsis) + status,
    route: request?.route && messageText(request.route, ellipsis),
    runtime: messageText(`${runtime} ${runtimeVersion}`.trim(), ellipsis),
    error: request?.error && messageText(request.error, ellipsis),
  }
}

/** `2026-11-23 13:14:12 UTC` */
export function recordedText({ startTime }: SessionMeta): string {
  const date = new Date(startTime)
  if (Number.isNaN(date.getTime())) {
    return `${startTime} ms since 1970`
  }
  return date.toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
}

/** `166 samples, one every 1 ms` */
export function samplesText({ sampleCount, interval }: SessionMeta): string {
  return `${counted(sampleCount, 'sample')}, one every ${interval} ms`
}

/** `62.0 ms`; of merged requests their sum, and what one of them took: `898.0 ms in 15 requests, median 59.9 ms`. */
export function durationText(meta: SessionMeta): string {
  const { duration, runs } = meta
  const sum = milliseconds(duration, duration)
  if (runs === 1) {
    return sum
  }
  const spread = durationSpread(meta)
  const one = spread
    ? `median ${milliseconds(spread.median, spread.median)}`
    : `${milliseconds(duration / runs, duration / runs)} each`
  return `${sum} in ${counted(runs, 'request')}, ${one}`
}

/** The part of a request that it spent in one state. */
export interface StateShare {
  state: State
  /** Milliseconds. */
  time: number
  /** From 0 to 1. */
  share: number
}

/** The parts of a request by state, in the order of `STATES`. */
export function stateShares({ totals, duration }: SessionMeta): StateShare[] {
  return STATES.map((state) => ({
    state,
    time: totals[state],
    share: duration > 0 ? totals[state] / duration : 0,
  }))
}

/** A time by state, in milliseconds. */
type StateTimes = Pick<LineTime, 'time' | 'cpuTime' | 'awaitTime' | 'blockedTime'>

/** The state that takes most of a time, with its share when others take a tenth or more: `await 62%`. */
export function leadingState({ time, cpuTime, awaitTime, blockedTime }: StateTimes): {
  state: State
  text: string
} {
  const parts: [State, number][] = [
    ['cpu', cpuTime],
    ['await', awaitTime],
    ['blocked', blockedTime],
  ]
  const [state, most] = parts.reduce((a, b) => (b[1] > a[1] ? b : a))
  return { state, text: most > 0.9 * time ? state : `${state} ${Math.round((most / time) * 100)}%` }
}

/** A sentence, and what it is about in a word. */
export interface Fact {
  label: string
  text: string
}

/** What a reader must know to trust the figures: how they were obtained, what recording cost, and the notes. */
export function measurement(meta: SessionMeta, ellipsis: string): Fact[] {
  const { fidelity, overhead, notes, runs, duration, request } = meta
  const facts: Fact[] = [
    { label: 'cpu', text: fidelity.cpu },
    { label: 'waits', text: fidelity.waits },
  ]
  const firstByte = request?.timeToFirstByte
  if (firstByte !== undefined && runs === 1 && duration - firstByte > SHORTEST_BODY * duration) {
    const [until, body] = [firstByte, duration - firstByte].map((ms) => milliseconds(ms, duration))
    facts.push({ label: 'response', text: `first byte after ${until}, then ${body} of body` })
  }
  const { start, excluded, stop } = overhead
  const total = start + excluded + stop
  if (total > NEGLIGIBLE_OVERHEAD) {
    const [all, ...parts] = [total, start, excluded, stop].map((ms) => milliseconds(ms, duration))
    const text = `${all}, not in the duration: ${parts[0]} to start, ${parts[1]} watching, ${parts[2]} to stop`
    facts.push({ label: 'overhead', text })
  }
  if (runs > 1) {
    facts.push({ label: 'runs', text: `sums of ${counted(runs, 'request')}${spreadText(meta)}` })
  }
  facts.push(...notes.map((text) => ({ label: 'note', text })))
  return facts.map(({ label, text }) => ({ label, text: messageText(text, ellipsis) }))
}

/** `, of which the median took 2.1 ms, half of them 2.0 ms to 2.4 ms, the longest 4.0 ms` */
function spreadText(meta: SessionMeta): string {
  const spread = durationSpread(meta)
  if (!spread) {
    return ''
  }
  const { median, lowerQuartile, upperQuartile, longest } = spread
  const text = (ms: number): string => milliseconds(ms, longest)
  return `, of which the median took ${text(median)}, half of them ${text(lowerQuartile)} to ${text(upperQuartile)}, the longest ${text(longest)}`
}

/** Text from outside, made visible and cut at a length that is still a message. */
export function messageText(text: string, ellipsis: string): string {
  return cutEnd(visible(text), MAX_MESSAGE, ellipsis)
}
