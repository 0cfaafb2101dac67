import type { CapturedSamples } from '../../src/adapter.ts'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { readV8Profile } from '../../src/normalize/v8-profile.ts'
import { noProfile, ReadyProfile } from '../common/ready-profile.ts'
import { nextTickUs, nowUs, TICK_US } from './clock.ts'
import type { Inspector } from './inspector.ts'
import { LocalInspector } from './inspector.ts'
import { canStayReady, requestAlarm } from './request-alarm.ts'
import { withColumns, withIdle } from './samples.ts'

/** Bound now, since applications replace the console. */
const startTitled = console.profile.bind(console)
const endTitled = console.profileEnd.bind(console)

/**
 * V8's sampler through the inspector from inside. Each recording takes a titled profile of its own: V8 keeps any
 * number of them on one sampling thread. It goes on for a while after a recording, where that can be timed.
 */
export class LocalSampler {
  readonly #ready: ReadyProfile
  readonly #startUs = new Map<string, number>()
  readonly #finished = new Map<string, V8Profile>()
  #inspector: LocalInspector | undefined
  #count = 0

  /** The interval of the first live profile, which holds for all. */
  intervalUs = 0

  /** @param uncounted Runs work that recordings leave out. */
  constructor(uncounted: <T>(work: () => T) => T) {
    const profiles = {
      start: () => this.start(this.intervalUs),
      drop: (title: string) => void this.#end(title),
      live: () => this.#startUs.size,
    }
    this.#ready = new ReadyProfile(profiles, requestAlarm(uncounted))
  }

  /**
   * Starts a profile and returns its title.
   *
   * @throws When the inspector refuses.
   */
  start(intervalUs: number): string {
    if (this.intervalUs !== intervalUs) {
      this.#ready.restIfAlone()
    }
    if (this.#startUs.size === 0) {
      this.#connect(intervalUs)
    }
    const title = `hono-profiler ${++this.#count}`
    this.#startUs.set(title, tickedUs())
    startTitled(title)
    return title
  }

  /**
   * Ends a profile and gives its samples, on the worker's clock.
   *
   * @throws When V8 gives no profile, because the inspector was taken away meanwhile.
   */
  stop(title: string): CapturedSamples {
    if (canStayReady()) {
      this.#ready.stayReady()
    }
    const { intervalUs } = this
    const startUs = this.#startUs.get(title)!
    const stopUs = tickedUs()
    const profile = this.#endOrLose(title)
    const samples = readV8Profile(profile, clockOffsetUs(profile, startUs, stopUs))
    return withIdle(withColumns(samples), intervalUs)
  }

  #connect(intervalUs: number): void {
    const inspector = new LocalInspector()
    try {
      inspector.on('Profiler.consoleProfileFinished', ({ title, profile }: Finished) => {
        this.#finished.set(title, profile)
      })
      inspector.postSync('Profiler.enable')
      inspector.postSync('Profiler.setSamplingInterval', { interval: intervalUs })
    } catch (error) {
      inspector.close()
      throw error
    }
    this.#inspector = inspector
    this.intervalUs = intervalUs
  }

  #endOrLose(title: string): V8Profile {
    try {
      const profile = this.#end(title)
      if (profile) {
        return profile
      }
      throw noProfile()
    } catch (error) {
      this.#ready.lose()
      throw error
    }
  }

  #end(title: string): V8Profile | undefined {
    this.#startUs.delete(title)
    try {
      endTitled(title)
      // What the console tells the inspector arrives with the answer to the next command.
      this.#inspector?.postSync('Profiler.enable')
      return this.#finished.get(title)
    } finally {
      this.#finished.delete(title)
      if (this.#startUs.size === 0) {
        this.#inspector?.close()
        this.#inspector = undefined
        this.intervalUs = 0
      }
    }
  }
}

interface Finished {
  title: string
  profile: V8Profile
}

/** V8's sampler through a connection of the recording's own. */
export class RemoteSampler {
  readonly #inspector: Inspector
  readonly #intervalUs: number
  #startUs = 0

  constructor(inspector: Inspector, intervalUs: number) {
    this.#inspector = inspector
    this.#intervalUs = intervalUs
  }

  /** @throws When the inspector refuses. */
  async start(): Promise<void> {
    await this.#inspector.post('Profiler.enable')
    await this.#inspector.post('Profiler.setSamplingInterval', { interval: this.#intervalUs })
    this.#startUs = tickedUs()
    await this.#inspector.post('Profiler.start')
  }

  /** @throws When the inspector refuses, or was taken away meanwhile. */
  async stop(): Promise<CapturedSamples> {
    const stopUs = tickedUs()
    const { profile } = await this.#inspector.post<{ profile: V8Profile }>('Profiler.stop')
    const samples = readV8Profile(profile, clockOffsetUs(profile, this.#startUs, stopUs))
    return withIdle(withColumns(samples), this.#intervalUs)
  }
}

function tickedUs(): number {
  return nextTickUs() ?? nowUs()
}

/**
 * What to subtract from V8's times. A profile starts and ends shortly after it is asked to, which was when the clock
 * ticked; the shorter of both delays is the better guess. On average half a tick of the clock goes by unseen.
 */
function clockOffsetUs({ startTime, endTime }: V8Profile, startUs: number, stopUs: number): number {
  return Math.min(startTime - startUs, endTime - stopUs) + TICK_US / 2
}
