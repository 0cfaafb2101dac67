import type { Capture } from '../adapter.ts'
import type { BlockerTable, SampleTable } from '../session/records.ts'
import { AWAIT } from '../session/records.ts'
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
    return Math.max(0, this.positionUs - this.#startUs - this.#elapsedUs)
  }

  /** Microseconds of the session so far. */
  get durationUs(): number {
    return Math.round(this.#elapsedUs)
  }

  /** Adds the stretch from the current position to `endUs`, without the profiler's own work in it. */
  add(endUs: number, stack: number, state: number): void {
    const startUs = this.positionUs
    if (endUs > startUs) {
      const spentUs = endUs - startUs - this.#pausedUs(startUs, endUs)
      this.#append(endUs, this.#elapsedUs + spentUs, stack, state)
    }
  }

  /**
   * Adds the wait from the current position to `endUs`. What is waited for runs on while the profiler works, since
   * `sinceUs` when that is known: the request would have come here sooner without it, and waited the longer.
   */
  addWait(endUs: number, stack: number, sinceUs: number): void {
    const startUs = this.positionUs
    if (endUs > startUs) {
      const fromUs = sinceUs < startUs ? Math.max(sinceUs, this.#startUs) : startUs
      const endedUs = this.#sessionTimeOf(fromUs) + endUs - fromUs
      this.#append(endUs, Math.max(endedUs, this.#elapsedUs + endUs - startUs), stack, AWAIT)
    }
  }

  /** A time of the recording's clock in microseconds of the session. */
  toSessionUs(recordedUs: number): number {
    return Math.round(this.#sessionTimeOf(recordedUs))
  }

  #sessionTimeOf(recordedUs: number): number {
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
    if (ends[low]! <= recordedUs) {
      return this.#sessionUs[low]!
    }
    const spanUs = ends[low]! - ends[low - 1]!
    const share = (recordedUs - ends[low - 1]!) / spanUs
    const sessionUs = this.#sessionUs[low - 1]!
    return sessionUs + share * (this.#sessionUs[low]! - sessionUs)
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

  #append(endUs: number, elapsedUs: number, stack: number, state: number): void {
    const before = this.durationUs
    this.#elapsedUs = elapsedUs
    this.#recordedUs.push(endUs)
    this.#sessionUs.push(elapsedUs)
    this.#push(stack, state, this.durationUs - before)
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
