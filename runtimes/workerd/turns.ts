/** Milliseconds between two signs of life. */
const STEP = 5

/** Signs that the one behind gives while the one ahead gives none, until that one is taken for gone: about a second. */
const MOST_SILENT = 200

/** A place in the row. */
interface Place {
  /** Signs of life. */
  signs: number
}

/** What tells the time and comes back later, of the platform or of a test. */
export interface TurnTimers {
  nowUs: () => number
  setTimeout: (work: () => void, ms: number) => unknown
  setInterval: (work: () => void, ms: number) => unknown
  clearInterval: (timer: never) => void
}

/**
 * Lets one request at a time have something, in the order in which they asked. A request of a worker can neither wake
 * another one up nor tell that it was cancelled: its timers just stop. So each gives signs of life, and whoever stands
 * behind one that gives none any more moves up.
 */
export class Turns {
  readonly #timers: TurnTimers
  readonly #row: Place[] = []

  constructor(timers: TurnTimers) {
    this.#timers = timers
  }

  /**
   * Waits for the turn.
   *
   * @returns What ends the turn; calling it again does nothing.
   * @throws When it has not come after `longest` milliseconds.
   */
  async take(longest: number): Promise<() => void> {
    const { nowUs, setInterval, clearInterval } = this.#timers
    const place: Place = { signs: 0 }
    this.#row.push(place)
    const untilUs = nowUs() + longest * 1000
    const watch = new Watch()
    while (this.#row[0] !== place) {
      if (nowUs() >= untilUs) {
        this.#remove(place)
        throw new Error(`others have had the inspector's port for ${longest} ms, one at a time`)
      }
      await this.#pause()
      place.signs++
      const ahead = this.#row[this.#row.indexOf(place) - 1]
      if (ahead && watch.isSilent(ahead)) {
        this.#remove(ahead)
      }
    }
    const timer = setInterval(() => {
      place.signs++
    }, STEP)
    return () => {
      clearInterval(timer as never)
      this.#remove(place)
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.setTimeout(resolve, STEP)
    })
  }

  #remove(place: Place): void {
    const index = this.#row.indexOf(place)
    if (index >= 0) {
      this.#row.splice(index, 1)
    }
  }
}

/** Counts looks at a place since its last sign: computing, which stops all timers alike, does not look like silence. */
class Watch {
  #place: Place | undefined
  #signs = 0
  #looks = 0

  isSilent(place: Place): boolean {
    if (this.#place !== place || this.#signs !== place.signs) {
      this.#place = place
      this.#signs = place.signs
      this.#looks = 0
    }
    return ++this.#looks > MOST_SILENT
  }
}
