import { Random } from './random.ts'
import { targets } from './targets.ts'

/** What a fuzz run has done so far. */
export interface FuzzProgress {
  runs: number
  /** Inputs that were read although they were changed. */
  read: number
  /** The input that took longest, in milliseconds. */
  slowestMs: number
}

/** Inputs are small: one that takes longer would take minutes when it is large. */
const LONGEST_MS = 2000

/**
 * Gives malformed inputs to all that reads what comes from outside, one after another.
 *
 * @param first The number of the first input; an input follows from the seed and its number alone.
 * @throws Error When one of them does something else than being read or refused; the message says how to see it again.
 */
export async function fuzz(
  seed: number,
  runs: number,
  onProgress: (progress: FuzzProgress) => void = () => undefined,
  first = 0
): Promise<FuzzProgress> {
  const names = Object.keys(targets)
  const prototype = Object.getOwnPropertyNames(Object.prototype).join()
  const progress = { runs: 0, read: 0, slowestMs: 0 }
  for (let run = first; run < first + runs; run++) {
    const random = new Random(Math.imul(seed, 0x9e3779b1) + run)
    const name = names[run % names.length]!
    const startMs = performance.now()
    try {
      progress.read += (await targets[name]!(random)) ? 1 : 0
    } catch (cause) {
      throw new Error(`${name} fails: npm run fuzz -- --seed ${seed} --first ${run} --runs 1`, {
        cause,
      })
    }
    progress.slowestMs = Math.max(progress.slowestMs, performance.now() - startMs)
    progress.runs++
    if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) {
      throw new Error(`${name} changed Object.prototype (seed ${seed}, input ${run})`)
    }
    if (progress.slowestMs > LONGEST_MS) {
      throw new Error(`${name} took ${progress.slowestMs} ms (seed ${seed}, input ${run})`)
    }
    if (progress.runs % 1000 === 0) {
      onProgress(progress)
    }
  }
  return progress
}
