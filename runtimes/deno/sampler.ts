import type inspector from 'node:inspector'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { makeAlarm } from '../common/alarm.ts'
import type { ReadyTimes } from '../common/ready-profile.ts'
import { noProfile, ReadyProfile } from '../common/ready-profile.ts'
import { dropReplacedCode } from '../common/replaced-code.ts'
import { ClockOffset } from './clock-offset.ts'
import { isGranted } from './deno.ts'

/** Where a script's functions stand, as offsets in the text that runs; an outer function before its inner ones. */
export interface ScriptCoverage {
  url: string
  functions: { functionName: string; ranges: { startOffset: number; endOffset: number }[] }[]
}

/** What the sampler gives for one recording. */
export interface SampledProfile {
  profile: V8Profile
  coverage: ScriptCoverage[]
  /** What to subtract from V8's times to get the recording's clock. */
  clockOffsetUs: number
}

/** V8's inspector, connected. */
interface Connection {
  session: inspector.Session
  console: typeof inspector.console
}

/** When something happened in V8, on the recording's clock. */
interface Bracket {
  beforeUs: number
  afterUs: number
}

const CLOCK_TITLE = 'hono-profiler clock'

/** A clock known better than this is not measured again. */
const PRECISE_CLOCK_US = 20

/** Attempts to measure it at the start of a recording: the machine may take the processor away in the midst of one. */
const CLOCK_ATTEMPTS = 3

/**
 * V8's CPU sampler in this process. Each recording takes a titled profile of its own: V8 keeps any number of them on
 * one sampling thread. Titled profiles start and end at once; what they saw is delivered later.
 */
export class Sampler {
  readonly #nowUs: () => number
  readonly #uncounted: <T>(work: () => T) => T
  readonly #ready: ReadyProfile
  readonly #clock = new ClockOffset()
  readonly #begun = new Map<string, Bracket>()
  readonly #finished = new Map<string, V8Profile>()
  #connecting: Promise<Connection> | undefined
  #connection: Connection | undefined
  #live = 0
  #count = 0

  /** The interval of the first live profile, which holds for all. */
  intervalUs = 0

  /**
   * @param nowUs The recording's clock, in microseconds.
   * @param uncounted Runs work of the profiler itself, so that recordings in flight do not count it.
   */
  constructor(nowUs: () => number, uncounted: <T>(work: () => T) => T, times?: ReadyTimes) {
    this.#nowUs = nowUs
    this.#uncounted = uncounted
    const profiles = {
      start: () => this.#begin(this.#connection!),
      drop: (title: string) => {
        this.#drop(title)
      },
      live: () => this.#live,
    }
    this.#ready = new ReadyProfile(profiles, makeAlarm(uncounted), times)
  }

  /** Whether no profile is live. */
  get isIdle(): boolean {
    return this.#live === 0
  }

  /**
   * Keeps the sampler on, so that every recording starts at once.
   *
   * @throws When the permission is missing, or the inspector refuses.
   */
  async keepWarm(intervalUs: number): Promise<void> {
    if (!this.#ready.isWarm) {
      this.#ready.keepWarm(await this.start(intervalUs))
    }
  }

  /**
   * Starts a profile and returns its title.
   *
   * @throws When the permission is missing, or the inspector refuses.
   */
  async start(intervalUs: number): Promise<string> {
    if (!isGranted({ name: 'sys', kind: 'inspector' })) {
      throw new Error('Deno lets a program sample itself only with --allow-sys; add it')
    }
    if (this.intervalUs !== intervalUs) {
      this.#uncounted(() => {
        this.#ready.restIfAlone()
      })
    }
    // What connects counts as a profile, so that nothing is disconnected meanwhile.
    this.#live++
    try {
      const connection = await (this.#connecting ??= this.#connect(intervalUs))
      return this.#uncounted(() => this.#begin(connection))
    } finally {
      this.#release()
    }
  }

  /**
   * Ends a profile and returns it. The sampler goes on for a while.
   *
   * @throws When V8 gives no profile, because the inspector was taken away meanwhile.
   */
  async stop(title: string): Promise<SampledProfile> {
    try {
      const { session, console } = this.#connection!
      this.#uncounted(() => {
        this.#ready.stayReady()
        console.profileEnd(title)
      })
      // V8 sends in order, so the profile has come when what was asked for after it has.
      const { result } = await post<{ result: ScriptCoverage[] }>(
        session,
        'Profiler.getBestEffortCoverage'
      )
      const profile = this.#finished.get(title)
      this.#finished.delete(title)
      if (!profile) {
        throw noProfile()
      }
      return { profile, coverage: result, clockOffsetUs: this.#clock.offsetUs }
    } catch (error) {
      this.#ready.lose()
      throw error
    } finally {
      this.#release()
    }
  }

  /** Ends what keeps the sampler on beside recordings. */
  rest(): void {
    this.#ready.rest()
  }

  async #connect(intervalUs: number): Promise<Connection> {
    const { Session, console } = await import('node:inspector')
    const session = new Session()
    session.connect()
    this.#uncounted(dropReplacedCode)
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      const { title, profile } = params as unknown as { title: string; profile: V8Profile }
      this.#finish(title, profile)
    })
    try {
      await post(session, 'Profiler.enable')
      await post(session, 'Profiler.setSamplingInterval', { interval: intervalUs })
    } catch (error) {
      session.disconnect()
      throw error
    }
    this.intervalUs = intervalUs
    return (this.#connection = { session, console })
  }

  #begin({ console }: Connection): string {
    const start = (title: string): void => {
      const beforeUs = this.#nowUs()
      console.profile(title)
      this.#begun.set(title, { beforeUs, afterUs: this.#nowUs() })
    }
    const title = `hono-profiler ${++this.#count}`
    start(title)
    this.#live++
    if (this.#clock.errorUs > PRECISE_CLOCK_US) {
      // The first profile takes milliseconds to start, somewhere in which is its start; a second one takes 20 us.
      for (let i = 0; i < CLOCK_ATTEMPTS; i++) {
        const clockTitle = `${CLOCK_TITLE} ${++this.#count}`
        start(clockTitle)
        console.profileEnd(clockTitle)
      }
    }
    return title
  }

  #finish(title: string, profile: V8Profile): void {
    const begun = this.#begun.get(title)
    if (!begun) {
      return
    }
    this.#begun.delete(title)
    this.#clock.narrow(profile.startTime - begun.afterUs, profile.startTime - begun.beforeUs)
    if (!title.startsWith(CLOCK_TITLE)) {
      this.#finished.set(title, profile)
    }
  }

  #drop(title: string): void {
    this.#begun.delete(title)
    try {
      this.#connection!.console.profileEnd(title)
    } finally {
      this.#release()
    }
  }

  #release(): void {
    if (--this.#live === 0) {
      this.#connection?.session.disconnect()
      this.#connection = undefined
      this.#connecting = undefined
      this.intervalUs = 0
    }
  }
}

/** Posts a command; Deno's inspector answers later. */
function post<T>(session: inspector.Session, method: string, params: object = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, result) => {
      if (error) {
        reject(new Error(`${method} failed: ${error.message}`))
      } else {
        resolve(result as T)
      }
    })
  })
}
