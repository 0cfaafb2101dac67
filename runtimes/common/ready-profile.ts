/** Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)

/** V8's sampler, which takes any number of titled profiles side by side. */
export interface ProfileTaker {
  /**
   * Starts a profile at the interval that holds, and returns its title.
   *
   * @throws When the inspector refuses.
   */
  start(): string
  /**
   * Ends a profile that nobody reads.
   *
   * @throws When V8 gives none, because the inspector was taken away meanwhile.
   */
  drop(title: string): void
  /** How many profiles are live. */
  live(): number
}

/** What is thrown when a profile was ended and does not come. */
export function noProfile(): Error {
  return new Error(
    'V8 gave no profile: the inspector was disconnected while the request was recorded'
  )
}

/** Calls back once. */
export interface Alarm {
  /** Takes the place of what was set before. */
  set(ms: number, work: () => void): void
  clear(): void
}

/** Milliseconds. */
export interface ReadyTimes {
  /** How long the sampler goes on after a recording. */
  readyMs?: number
  /** How old the profile of nobody becomes before another one takes its place. */
  renewalMs?: number
}

/**
 * A profile of nobody: while it is live, V8's sampler goes on, and the profile of a recording starts in 0.1 ms instead
 * of walking the heap (5-400 ms, 55-80 ns for each object). It is kept for a while after a recording, since who
 * profiles once does it again, or for good. Its samples add up (40 KB a second), so it is replaced from time to time.
 */
export class ReadyProfile {
  readonly #profiles: ProfileTaker
  readonly #alarm: Alarm
  readonly #readyMs: number
  readonly #renewalMs: number
  #title: string | undefined
  #startMs = 0
  #isWarm = false

  constructor(
    profiles: ProfileTaker,
    alarm: Alarm,
    { readyMs = 10_000, renewalMs = 10_000 }: ReadyTimes = {}
  ) {
    this.#profiles = profiles
    this.#alarm = alarm
    this.#readyMs = readyMs
    this.#renewalMs = renewalMs
  }

  /** Whether it is kept for good. */
  get isWarm(): boolean {
    return this.#isWarm
  }

  /** Keeps a profile that was started for it, for good. */
  keepWarm(title: string): void {
    this.#replace(title)
    this.#isWarm = true
    this.#renewAfter(this.#renewalMs)
  }

  /** Keeps the sampler on for a while; called before the profile of a recording ends, which does not depend on it. */
  stayReady(): void {
    if (this.#isWarm && this.#title !== undefined) {
      return
    }
    try {
      if (this.#title === undefined || now() - this.#startMs > this.#renewalMs) {
        this.#replace(this.#profiles.start())
      }
      if (this.#isWarm) {
        this.#renewAfter(this.#renewalMs)
      } else {
        // Ending a profile takes milliseconds, which are not those of a recording that is under way.
        this.#alarm.set(this.#readyMs, () => {
          this.restIfAlone()
        })
      }
    } catch {
      this.lose()
    }
  }

  /** Ends it when nobody records, unless it is kept for good. */
  restIfAlone(): void {
    if (!this.#isWarm && this.#title !== undefined && this.#profiles.live() === 1) {
      this.rest()
    }
  }

  /** Ends it. */
  rest(): void {
    this.#isWarm = false
    this.lose()
  }

  /** Ends what is left of it when the inspector was taken away; the next recording brings one that is kept for good back. */
  lose(): void {
    this.#alarm.clear()
    this.#replace(undefined)
  }

  /** The longer that takes, the less often. */
  #renewAfter(ms: number): void {
    this.#alarm.set(ms, () => {
      const startMs = now()
      try {
        this.#replace(this.#profiles.start())
        this.#renewAfter(Math.max(this.#renewalMs, (now() - startMs) * 1000))
      } catch {
        this.lose()
      }
    })
  }

  #replace(title: string | undefined): void {
    const old = this.#title
    this.#title = title
    this.#startMs = now()
    try {
      if (old !== undefined) {
        this.#profiles.drop(old)
      }
    } catch {
      // Nobody's profile is missed when the inspector was taken away.
    }
  }
}
