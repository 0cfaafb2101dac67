interface Share {
  stack: number
  state: number
  /** Microseconds that its samples reach. */
  reachUs: number
  /** Microseconds that its share would give it and that it has not got yet. */
  creditUs: number
}

/** What samples show at about one distance from the beginning of runs. */
interface Bin {
  distanceUs: number
  shares: Map<string, Share>
}

/** A part of a stretch that no sample reaches, and what most likely ran in it. */
export interface Guess {
  /** Its end, as a distance from the beginning of the run. */
  endUs: number
  stack: number
  state: number
}

/** A bin is as wide as this part of a sampling interval. */
const BINS_PER_INTERVAL = 4

/**
 * What the samples of runs that resume at one place show, by how long after the resumption they were taken.
 *
 * Runs shorter than the sampling interval are mostly hit by no sample; giving them to the resumed function alone would
 * take their time away from the functions that it calls. And on a busy machine there are few samples right after a
 * wake-up: the sampling thread then waits for the processor that the resumed thread has just got. What is seen later
 * in the run does not stand for that time, what is seen as early in other runs does.
 */
export class SampleShares {
  readonly #binUs: number
  readonly #places = new Map<number, Map<number, Bin>>()
  readonly #sorted = new Map<number, Bin[]>()

  constructor(intervalUs: number) {
    this.#binUs = intervalUs / BINS_PER_INTERVAL
  }

  /** Adds a sample of a run that resumed at `place`, `distanceUs` before. All are added before the first `draw`. */
  add(place: number, distanceUs: number, stack: number, state: number, reachUs: number): void {
    const { shares } = this.#binAt(place, Math.floor(distanceUs / this.#binUs))
    const key = `${stack},${state}`
    const share = shares.get(key)
    if (share) {
      share.reachUs += reachUs
    } else {
      shares.set(key, { stack, state, reachUs, creditUs: 0 })
    }
  }

  /**
   * Divides a stretch of a run that no sample reaches. Each part gets what samples show at that distance, or at the
   * nearest one that has any. Without any sample all of it is the place itself.
   */
  draw(place: number, startUs: number, endUs: number): Guess[] {
    const bins = this.#sortedBins(place)
    const guesses: Guess[] = bins.length === 0 ? [{ endUs, stack: place, state: 0 }] : []
    let fromUs = startUs
    for (let i = 0; i < bins.length && fromUs < endUs; i++) {
      const next = bins[i + 1]
      const nearUs = next ? (bins[i]!.distanceUs + next.distanceUs) / 2 : Infinity
      if (nearUs > fromUs) {
        const untilUs = Math.min(nearUs, endUs)
        guesses.push({ endUs: untilUs, ...drawFrom(bins[i]!, untilUs - fromUs) })
        fromUs = untilUs
      }
    }
    return guesses
  }

  #binAt(place: number, index: number): Bin {
    let bins = this.#places.get(place)
    if (!bins) {
      this.#places.set(place, (bins = new Map<number, Bin>()))
    }
    let bin = bins.get(index)
    if (!bin) {
      bins.set(index, (bin = { distanceUs: (index + 0.5) * this.#binUs, shares: new Map() }))
    }
    return bin
  }

  #sortedBins(place: number): Bin[] {
    let bins = this.#sorted.get(place)
    if (!bins) {
      bins = [...(this.#places.get(place)?.values() ?? [])]
      this.#sorted.set(
        place,
        bins.sort((a, b) => a.distanceUs - b.distanceUs)
      )
    }
    return bins
  }
}

/** The share that is furthest behind, so that over many runs each gets its part of the time. */
function drawFrom({ shares }: Bin, durationUs: number): { stack: number; state: number } {
  const all = [...shares.values()]
  const totalUs = all.reduce((sum, { reachUs }) => sum + reachUs, 0)
  let best = all[0]!
  for (const share of all) {
    share.creditUs += (durationUs * share.reachUs) / totalUs
    if (share.creditUs > best.creditUs) {
      best = share
    }
  }
  best.creditUs -= durationUs
  return best
}
