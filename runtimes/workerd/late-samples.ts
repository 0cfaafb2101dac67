import type { CapturedSamples, CapturedSegments } from '../../src/adapter.ts'

/**
 * After a rest of the isolate, V8 begins to sample up to some milliseconds late, mostly on busy machines. What its
 * first sample shows has been running since the segment began, as far as is known.
 */
export function withEarlySamples(
  samples: CapturedSamples,
  segments: CapturedSegments,
  intervalUs: number
): CapturedSamples {
  const timeUs: number[] = []
  const stack: number[] = []
  let next = 0
  const takeUntil = (untilUs: number): void => {
    for (; next < samples.timeUs.length && samples.timeUs[next]! < untilUs; next++) {
      timeUs.push(samples.timeUs[next]!)
      stack.push(samples.stack[next]!)
    }
  }
  for (let i = 0; i < segments.run.length; i++) {
    const earlyUs = segments.startUs[i]! + intervalUs / 2
    takeUntil(earlyUs)
    const isSeen = (timeUs.at(-1) ?? -Infinity) >= segments.startUs[i]!
    const first = firstRunning(samples, next, segments.endUs[i]!)
    if (!isSeen && first >= 0) {
      timeUs.push(earlyUs)
      stack.push(samples.stack[first]!)
    }
    takeUntil(segments.endUs[i]!)
  }
  takeUntil(Infinity)
  return { ...samples, timeUs, stack }
}

/** The first sample from `from` on, before `endUs`, that shows a stack; -1 for none. */
function firstRunning({ timeUs, stack }: CapturedSamples, from: number, endUs: number): number {
  for (let i = from; i < stack.length && timeUs[i]! < endUs; i++) {
    if (stack[i]! >= 0) {
      return i
    }
  }
  return -1
}
