interface Share {
  stack: number
  state: number
  /** Microseconds that its samples reach. */
  reachUs: number
  /** Microseconds that its share would give it and that it has not got yet. */
  creditUs: number
}

/**
 * How the samples of runs that resume at one place are divided among stacks. Runs shorter than the sampling
 * interval are mostly hit by no sample; giving them to the resumed function alone would take their time away
 * from the functions that it calls.
 */
export class SampleShares {
  readonly #places = new Map<number, Map<string, Share>>()

  /** Adds one sample of a run that resumed at `place`. */
  add(place: number, stack: number, state: number, reachUs: number): void {
    let shares = this.#places.get(place)
    if (!shares) {
      this.#places.set(place, (shares = new Map<string, Share>()))
    }
    const key = `${stack},${state}`
    const share = shares.get(key)
    if (share) {
      share.reachUs += reachUs
    } else {
      shares.set(key, { stack, state, reachUs, creditUs: 0 })
    }
  }

  /**
   * The stack for a run that no sample hit: the one furthest behind its share, so that over many runs each
   * gets its part of the time. Without any sample it is the place itself.
   */
  draw(place: number, durationUs: number): { stack: number; state: number } {
    const shares = [...(this.#places.get(place)?.values() ?? [])]
    const totalUs = shares.reduce((sum, { reachUs }) => sum + reachUs, 0)
    let best: Share | undefined
    for (const share of shares) {
      share.creditUs += (durationUs * share.reachUs) / totalUs
      if (!best || share.creditUs > best.creditUs) {
        best = share
      }
    }
    if (!best) {
      return { stack: place, state: 0 }
    }
    best.creditUs -= durationUs
    return best
  }
}
