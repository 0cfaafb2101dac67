import type { CapturedSamples } from '../../src/adapter.ts'
import { IDLE_STACK } from '../../src/adapter.ts'

/** While JavaScript runs, samples come at the interval, but for hiccups of the machine up to this long. */
const LONGEST_HICCUP_US = 3000

/**
 * V8 takes no sample while nothing runs in the isolate, so waiting is a gap between two samples. Puts an idle
 * sample at each end of such a gap.
 */
export function withIdle(samples: CapturedSamples, intervalUs: number): CapturedSamples {
  const longestUs = Math.max(4 * intervalUs, LONGEST_HICCUP_US)
  const timeUs: number[] = []
  const stack: number[] = []
  const push = (sampleUs: number, sample: number): void => {
    timeUs.push(sampleUs)
    stack.push(sample)
  }
  for (let i = 0; i < samples.timeUs.length; i++) {
    const sampleUs = samples.timeUs[i]!
    const beforeUs = timeUs.at(-1) ?? sampleUs
    if (sampleUs - beforeUs > longestUs) {
      push(beforeUs + intervalUs, IDLE_STACK)
      push(sampleUs - intervalUs, IDLE_STACK)
    }
    push(sampleUs, samples.stack[i]!)
  }
  return { ...samples, timeUs, stack }
}

/** V8 tells the lines of samples without columns: a source map is asked for what begins the line. */
export function withColumns(samples: CapturedSamples): CapturedSamples {
  return {
    ...samples,
    frames: (stack) =>
      samples.frames(stack).map((frame) => (frame.line > 0 ? { ...frame, column: 1 } : frame)),
  }
}
