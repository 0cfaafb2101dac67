/** The stretch of time in view, in milliseconds. */
export interface Range {
  start: number
  end: number
}

/** The shortest stretch that can be in view: the records are in microseconds. */
const SHORTEST_MS = 0.01

/** Puts a range inside the request, as long as it fits. */
export function clampRange({ start, end }: Range, duration: number): Range {
  const length = Math.min(duration, Math.max(end - start, Math.min(SHORTEST_MS, duration)))
  const from = Math.min(Math.max(start, 0), duration - length)
  return { start: from, end: from + length }
}

/** Makes a range `factor` times as long; the time `at` keeps its place in view. */
export function zoomRange(range: Range, factor: number, at: number, duration: number): Range {
  const length = Math.min(duration, Math.max(SHORTEST_MS, (range.end - range.start) * factor))
  const before = (at - range.start) / (range.end - range.start)
  const start = at - before * length
  return clampRange({ start, end: start + length }, duration)
}

/** Moves a range by milliseconds, as far as the request goes. */
export function panRange({ start, end }: Range, by: number, duration: number): Range {
  return clampRange({ start: start + by, end: end + by }, duration)
}

/** A range that shows `from` to `to` with some room on both sides. */
export function rangeAround(from: number, to: number, duration: number): Range {
  const room = (to - from) * 0.1
  return clampRange({ start: from - room, end: to + room }, duration)
}

/** Round times to label an axis with, at least `spacing` milliseconds apart. */
export function axisTicks(range: Range, spacing: number): { times: number[]; decimals: number } {
  const power = 10 ** Math.floor(Math.log10(spacing))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= spacing)!
  const first = Math.ceil(range.start / step)
  const times: number[] = []
  for (let i = first; i * step <= range.end; i++) {
    times.push(i * step)
  }
  return { times, decimals: Math.max(0, -Math.floor(Math.log10(step))) }
}
