import type { ResolvedOptions } from './options.ts'

/** A recording has ended before what it records. */
export interface Cut {
  /** How far it came, like `30000 ms (maxDuration)`. */
  cut: string
}

/** When a recording has to end although what it records goes on. */
export interface RecordingLimit extends Cut {
  /** On the clock of `performance`, which no change of the date moves. */
  readonly atMs: number
  /** Fulfilled then, unless it is cleared before. */
  readonly reached: Promise<Cut>
  clear(): void
}

/** What `setTimeout` takes. */
export const LONGEST_TIMEOUT: number = 2 ** 31 - 1

/** Begins to measure the longest recording that the options allow. */
export function startLimit({
  maxDuration,
  maxSamples,
  intervalUs,
}: ResolvedOptions): RecordingLimit {
  const sampledMs = (maxSamples * intervalUs) / 1000
  const isOfSamples = sampledMs < maxDuration
  const ms = Math.min(sampledMs, maxDuration)
  const cut = isOfSamples
    ? `${ms} ms, ${maxSamples} samples (maxSamples)`
    : `${ms} ms (maxDuration)`
  let timer: ReturnType<typeof setTimeout>
  const reached = new Promise<Cut>((resolve) => {
    timer = setTimeout(resolve, ms, { cut })
  })
  return {
    cut,
    atMs: performance.now() + ms,
    reached,
    clear: () => {
      clearTimeout(timer)
    },
  }
}

/** Told when so many awaits are followed as the options allow. */
export function fullOf({ maxSamples }: ResolvedOptions): {
  full: Promise<Cut>
  onFull: () => void
} {
  let onFull: () => void
  const full = new Promise<Cut>((resolve) => {
    onFull = () => {
      resolve({ cut: `${maxSamples} awaits and callbacks (maxSamples)` })
    }
  })
  return { full, onFull: onFull! }
}

/** What the report says of a recording that was cut. */
export function cutNote(subject: string, { cut }: Cut): string {
  return `${subject} had not ended after ${cut}; what followed was not recorded`
}
