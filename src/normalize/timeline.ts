import type { Capture } from '../adapter.ts'
import type { BlockerTable, SampleTable } from '../session/records.ts'
import { REQUEST } from './stack-builder.ts'

/** Collects the request's exclusive stretches on the recording's clock and turns them into samples. */
export class Timeline {
  readonly samples: SampleTable = { stack: [], durationUs: [], state: [] }
  readonly #pauses: Capture['pauses']
  readonly #startUs: number
  /** Ends of the stretches so far, on the recording's clock and on the session's, to map one to the other. */
  readonly #recordedUs: number[]
  readonly #sessionUs: number[] = [0]
  #elapsedUs = 0
  #excludedUs = 0
  #pause = 0

  constructor(capture: Capture) {
    this.#pauses = capture.pauses
    this.#startUs = capture.startUs
    this.#recordedUs = [capture.startUs]
  }

  /** Where the next stretch begins, on the recording's clock. */
  get positionUs(): number {
    return this.#recordedUs.at(-1)!
  }

  /** Microseconds of the profiler's own work that were left out. */
  get excludedUs(): number {
    return this.#excludedUs
  }

  /** Microseconds of the session so far. */
  get durationUs(): number {
    return Math.round(this.#elapsedUs)
  }

  /**
   * Adds the stretch from the current position to `endUs`.
   *
   * @param withPauses Keeps the profiler's own work inside the stretch: a timer runs on while the profiler works.
   */
  add(endUs: number, stack: number, state: number, withPauses = false): void {
    const startUs = this.positionUs
    if (endUs <= startUs) {
      return
    }
    const pausedUs = this.#pausedUs(startUs, endUs)
    const excludedUs = withPauses ? 0 : pausedUs
    this.#excludedUs += excludedUs
    const before = this.durationUs
    this.#elapsedUs += endUs - startUs - excludedUs
    this.#recordedUs.push(endUs)
    this.#sessionUs.push(this.#elapsedUs)
    this.#push(stack, state, this.durationUs - before)
  }

  /** A time of the recording's clock in microseconds of the session. */
  toSessionUs(recordedUs: number): number {
    const ends = this.#recordedUs
    if (recordedUs <= this.#startUs) {
      return 0
    }
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! < recordedUs) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if (ends[low]! < recordedUs) {
      return this.durationUs
    }
    const spanUs = ends[low]! - ends[low - 1]!
    const share = (recordedUs - ends[low - 1]!) / spanUs
    const sessionUs = this.#sessionUs[low - 1]!
    return Math.round(sessionUs + share * (this.#sessionUs[low]! - sessionUs))
  }

  /** Pauses stand in order of time, and stretches too, so one pass over them serves all. */
  #pausedUs(startUs: number, endUs: number): number {
    const { startUs: starts, endUs: ends } = this.#pauses
    while (this.#pause < starts.length && ends[this.#pause]! <= startUs) {
      this.#pause++
    }
    let sumUs = 0
    for (let i = this.#pause; i < starts.length && starts[i]! < endUs; i++) {
      sumUs += Math.min(ends[i]!, endUs) - Math.max(starts[i]!, startUs)
    }
    return sumUs
  }

  #push(stack: number, state: number, durationUs: number): void {
    const { samples } = this
    if (durationUs === 0) {
      return
    }
    const last = samples.stack.length - 1
    if (last >= 0 && samples.stack[last] === stack && samples.state[last] === state) {
      samples.durationUs[last]! += durationUs
      return
    }
    samples.stack.push(stack)
    samples.durationUs.push(durationUs)
    samples.state.push(state)
  }
}

/** What ran instead of the request, on the session's clock. */
export class BlockerLog {
  readonly table: BlockerTable = { stack: [], startUs: [], durationUs: [] }

  add(stack: number, startUs: number, endUs: number): void {
    if (endUs > startUs && stack !== REQUEST) {
      this.table.stack.push(stack)
      this.table.startUs.push(startUs)
      this.table.durationUs.push(endUs - startUs)
    }
  }
}
