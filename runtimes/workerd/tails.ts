import type { Capture, CapturedSamples, CapturedSegments } from '../../src/adapter.ts'
import { GC_STACK } from '../../src/adapter.ts'
import { TICK_US } from './clock.ts'

/**
 * Ends each segment where the run was last seen: by the tracker, or by a sample. What was noticed later is no
 * computing of the request: the thread serves local bindings meanwhile.
 */
export function withSampledTails({ segments, samples, intervalUs }: Capture): CapturedSegments {
  const { seenUs } = segments
  if (!seenUs) {
    return segments
  }
  const lastBefore = lastRunningSample(samples)
  const trimmed = { run: [] as number[], startUs: [] as number[], endUs: [] as number[] }
  segments.run.forEach((run, i) => {
    const startUs = segments.startUs[i]!
    const noticedUs = segments.endUs[i]!
    const sampledUs = lastBefore(noticedUs)
    // Within a tick of the clock, a sample may be of before.
    const isLater = sampledUs - seenUs[i]! >= TICK_US
    const endUs = Math.min(isLater ? sampledUs + intervalUs / 2 : seenUs[i]!, noticedUs)
    // A run shorter than a tick takes no time, and is one all the same.
    if (endUs > startUs || endUs === noticedUs) {
      trimmed.run.push(run)
      trimmed.startUs.push(startUs)
      trimmed.endUs.push(endUs)
    }
  })
  return { ...trimmed, operationOf: (run) => segments.operationOf(run) }
}

/** Finds when JavaScript was last seen running before a time. The times asked for never go back. */
function lastRunningSample({ timeUs, stack }: CapturedSamples): (beforeUs: number) => number {
  let next = 0
  let lastUs = -Infinity
  return (beforeUs) => {
    for (; next < timeUs.length && timeUs[next]! < beforeUs; next++) {
      if (stack[next]! >= 0 || stack[next] === GC_STACK) {
        lastUs = timeUs[next]!
      }
    }
    return lastUs
  }
}
