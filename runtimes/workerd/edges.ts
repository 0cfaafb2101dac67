import type { Capture, CapturedFunction, CapturedSamples } from '../../src/adapter.ts'
import { NO_STACK } from '../../src/adapter.ts'
import { TICK_US } from './clock.ts'

/** How the samples shortly before and after the end of a segment are to be read. */
type Verdict = 'own' | 'foreign' | 'unknown'

/** A segment that has samples enough to do without the doubtful ones. */
const LONG_SEGMENT_US = 3 * TICK_US

/**
 * The clock tells the ends of a segment only to its tick, so a sample near one may have been taken inside or outside.
 * Where the segment goes on after an `await`, the function that was resumed tells: what it called belongs inside, anything
 * else outside. What is still doubtful and outside says nothing: else the request would look blocked by itself.
 */
export function withClearEdges(capture: Capture): CapturedSamples {
  const { samples, segments } = capture
  const timeUs = Array.from(samples.timeUs)
  const stack = Array.from(samples.stack)
  const verdictOf = judge(capture)
  let next = 0
  for (let i = 0; i < stack.length; i++) {
    const sampleUs = timeUs[i]!
    while (next < segments.run.length && segments.endUs[next]! <= sampleUs) {
      next++
    }
    if (stack[i]! < 0) {
      continue
    }
    if (segments.startUs[next]! <= sampleUs) {
      if (isNearEdge(capture, next, sampleUs)) {
        const verdict = verdictOf(next, stack[i]!)
        const isLong = segments.endUs[next]! - segments.startUs[next]! >= LONG_SEGMENT_US
        stack[i] = verdict === 'own' || (verdict === 'unknown' && !isLong) ? stack[i]! : NO_STACK
      }
      continue
    }
    const isAfter = sampleUs - (segments.endUs[next - 1] ?? -Infinity) < TICK_US
    const isBefore = (segments.startUs[next] ?? Infinity) - sampleUs < TICK_US
    if (isBefore && verdictOf(next, stack[i]!) === 'own') {
      timeUs[i] = segments.startUs[next]!
    } else if (isAfter && verdictOf(next - 1, stack[i]!) === 'own') {
      timeUs[i] = Math.max(segments.endUs[next - 1]! - 1, timeUs[i - 1] ?? -Infinity)
    } else if (isAfter || isBefore) {
      stack[i] = NO_STACK
    }
  }
  return { ...samples, timeUs, stack }
}

function isNearEdge({ segments }: Capture, segment: number, sampleUs: number): boolean {
  const sinceUs = sampleUs - segments.startUs[segment]!
  const untilUs = segments.endUs[segment]! - sampleUs
  return Math.min(sinceUs, untilUs) < TICK_US
}

/** Whether the stack of a sample can be of a segment. */
function judge({
  samples,
  segments,
  operations,
}: Capture): (segment: number, stack: number) => Verdict {
  return (segment, stack) => {
    const operation = segments.operationOf(segments.run[segment]!)
    if (operation < 0 || operations.kind(operation) !== 'await') {
      return 'unknown'
    }
    const resumed = operations.frames(operation).at(-1)?.function
    const outermost = samples.frames(stack)[0]?.function
    return resumed && outermost ? (isSame(resumed, outermost) ? 'own' : 'foreign') : 'unknown'
  }
}

/** Samples and call sites tell the column of a function differently. */
function isSame(a: CapturedFunction, b: CapturedFunction): boolean {
  return a.url === b.url && a.line === b.line && a.name === b.name
}
