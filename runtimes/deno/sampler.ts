import type inspector from 'node:inspector'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
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
  readonly #clock = new ClockOffset()
  readonly #begun = new Map<string, Bracket>()
  readonly #finished = new Map<string, V8Profile>()
  #session: Promise<inspector.Session> | undefined
  #live = 0
  #count = 0

  /**
   * @param nowUs The recording's clock, in microseconds.
   * @param uncounted Runs work of the profiler itself, so that recordings in flight do not count it.
   */
  constructor(nowUs: () => number, uncounted: <T>(work: () => T) => T) {
    this.#nowUs = nowUs
    this.#uncounted = uncounted
  }

  /**
   * Starts a profile and returns its title. The interval of the first live profile holds for all.
   *
   * @throws When the permission is missing, or the inspector refuses.
   */
  async start(intervalUs: number): Promise<string> {
    if (!isGranted({ name: 'sys', kind: 'inspector' })) {
      throw new Error('Deno lets a program sample itself only with --allow-sys; add it')
    }
    this.#live++
    try {
      await (this.#session ??= this.#connect(intervalUs))
      const { console } = await loadInspector()
      return this.#uncounted(() => this.#begin(console))
    } catch (error) {
      await this.#release()
      throw error
    }
  }

  /**
   * Ends a profile and returns it.
   *
   * @throws When V8 gives no profile, because the inspector was taken away meanwhile.
   */
  async stop(title: string): Promise<SampledProfile> {
    try {
      const session = await this.#session!
      const { console } = await loadInspector()
      this.#uncounted(() => {
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
        throw new Error(
          'V8 gave no profile: the inspector was disconnected while the request was recorded'
        )
      }
      return { profile, coverage: result, clockOffsetUs: this.#clock.offsetUs }
    } finally {
      await this.#release()
    }
  }

  async #connect(intervalUs: number): Promise<inspector.Session> {
    const { Session } = await loadInspector()
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
    return session
  }

  #begin(console: typeof inspector.console): string {
    const start = (title: string): void => {
      const beforeUs = this.#nowUs()
      console.profile(title)
      this.#begun.set(title, { beforeUs, afterUs: this.#nowUs() })
    }
    const title = `hono-profiler ${++this.#count}`
    start(title)
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

  async #release(): Promise<void> {
    if (--this.#live > 0) {
      return
    }
    const session = this.#session
    this.#session = undefined
    await session?.then(
      (connected) => {
        connected.disconnect()
      },
      () => undefined
    )
  }
}

function loadInspector(): Promise<typeof inspector> {
  return import('node:inspector')
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
