/** Brackets that contradict each other by more than this, in microseconds, tell that a clock was set. */
const SET_CLOCK_US = 1000

/** What lies between two clocks of constant distance, as the narrowest bracket that was seen tells it. */
export class ClockOffset {
  #lowUs = -Infinity
  #highUs = Infinity

  get offsetUs(): number {
    return (this.#lowUs + this.#highUs) / 2
  }

  /** How far the true offset may be from `offsetUs`. */
  get errorUs(): number {
    return (this.#highUs - this.#lowUs) / 2
  }

  /** Adds a moment that both clocks have seen, which tells that the offset is between two values. */
  narrow(lowUs: number, highUs: number): void {
    const contradictionUs = Math.max(lowUs - this.#highUs, this.#lowUs - highUs)
    if (contradictionUs > SET_CLOCK_US || highUs - lowUs < this.#highUs - this.#lowUs) {
      this.#lowUs = lowUs
      this.#highUs = highUs
    }
  }
}
