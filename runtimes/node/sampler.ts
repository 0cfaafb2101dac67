import type inspector from 'node:inspector'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { makeAlarm } from '../common/alarm.ts'
import type { ReadyTimes } from '../common/ready-profile.ts'
import { noProfile, ReadyProfile } from '../common/ready-profile.ts'
import { dropReplacedCode } from '../common/replaced-code.ts'

/**
 * V8's CPU sampler, of which a process has one. Each recording takes a titled profile of its own: V8 keeps any
 * number of them on one sampling thread.
 */
export class Sampler {
  readonly #ready: ReadyProfile
  #session: inspector.Session | undefined
  #live = 0
  #count = 0
  #finished: { title: string; profile: V8Profile } | undefined

  /** The interval of the first live profile, which holds for all. */
  intervalUs = 0

  /** @param uncounted Runs work that recordings leave out. */
  constructor(uncounted: <T>(work: () => T) => T, times?: ReadyTimes) {
    const profiles = {
      start: () => this.start(this.intervalUs),
      drop: (title: string) => void this.#end(title),
      live: () => this.#live,
    }
    this.#ready = new ReadyProfile(profiles, makeAlarm(uncounted), times)
  }

  /**
   * Keeps the sampler on, so that every recording starts at once.
   *
   * @throws When the inspector is not there or refuses.
   */
  keepWarm(intervalUs: number): void {
    if (!this.#ready.isWarm) {
      this.#ready.keepWarm(this.start(intervalUs))
    }
  }

  /**
   * Starts a profile and returns its title.
   *
   * @throws When the inspector is not there or refuses.
   */
  start(intervalUs: number): string {
    if (this.intervalUs !== intervalUs) {
      this.#ready.restIfAlone()
    }
    if (this.#live === 0) {
      dropReplacedCode()
      this.#connect(intervalUs)
      this.intervalUs = intervalUs
    }
    const title = `hono-profiler ${++this.#count}`
    loadInspector().console.profile(title)
    this.#live++
    return title
  }

  /**
   * Ends a profile and returns it. The sampler goes on for a while: who profiles once does it again, and the next
   * recording then starts at once, and finds the code that was compiled meanwhile known and in place.
   *
   * @throws When V8 gives no profile, because the inspector was taken away meanwhile.
   */
  stop(title: string): V8Profile {
    try {
      this.#ready.stayReady()
      return this.#end(title)
    } catch (error) {
      this.#ready.lose()
      throw error
    }
  }

  /** Ends what keeps the sampler on beside recordings. */
  rest(): void {
    this.#ready.rest()
  }

  #end(title: string): V8Profile {
    this.#finished = undefined
    loadInspector().console.profileEnd(title)
    const finished = this.#finished as { title: string; profile: V8Profile } | undefined
    if (--this.#live === 0) {
      this.#disconnect()
    }
    if (finished?.title !== title) {
      throw noProfile()
    }
    return finished.profile
  }

  /** Whether no profile is live. */
  get isIdle(): boolean {
    return this.#live === 0
  }

  /**
   * Waits until V8 takes samples. After the first profile starts, its thread first goes through what the walk over
   * the heap found, and takes none meanwhile (measured: 1 to 6 ms).
   */
  async untilSampling(intervalUs: number): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const probe = this.start(intervalUs)
      await new Promise((resolve) => setTimeout(resolve, (3 * intervalUs) / 1000))
      if ((this.#end(probe).samples?.length ?? 0) >= 3) {
        return
      }
    }
  }

  #connect(intervalUs: number): void {
    const session = new (loadInspector().Session)()
    session.connect()
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      this.#finished = params as unknown as { title: string; profile: V8Profile }
    })
    try {
      post(session, 'Profiler.enable')
      post(session, 'Profiler.setSamplingInterval', { interval: intervalUs })
    } catch (error) {
      session.disconnect()
      throw error
    }
    this.#session = session
  }

  #disconnect(): void {
    this.#session?.disconnect()
    this.intervalUs = 0
    this.#session = undefined
  }
}

/** Loaded when it is needed: a Node built without an inspector throws here instead of at start-up. */
function loadInspector(): typeof inspector {
  return process.getBuiltinModule('node:inspector')
}

/** Posts a command and throws its error; Node's inspector answers synchronously. */
function post(session: inspector.Session, method: string, params?: object): void {
  const failures: Error[] = []
  session.post(method, params, (error) => {
    if (error) {
      failures.push(error)
    }
  })
  for (const { message } of failures) {
    throw new Error(`${method} failed: ${message}`)
  }
}
