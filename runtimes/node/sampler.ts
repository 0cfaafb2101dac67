import type inspector from 'node:inspector'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { dropReplacedCode } from '../common/replaced-code.ts'

/** Bound now, so that fake timers of an application do not reach them. */
const setTimer = setTimeout
const clearTimer = clearTimeout
const now = performance.now.bind(performance)

/**
 * V8's CPU sampler, of which a process has one. Each recording takes a titled profile of its own: V8 keeps any
 * number of them on one sampling thread, and while one is live another starts in 0.1 ms instead of walking
 * the heap (5-400 ms, 55-80 ns for each object).
 */
export class Sampler {
  readonly #renewalMs: number
  readonly #readyMs: number
  #warm: string | undefined
  /** A profile of nobody, for a while after a recording. */
  #ready: string | undefined
  #restTimer: NodeJS.Timeout | undefined
  #session: inspector.Session | undefined
  #live = 0
  #count = 0
  #finished: { title: string; profile: V8Profile } | undefined

  /** The interval of the first live profile, which holds for all. */
  intervalUs = 0

  /**
   * @param renewalMs How long a profile that keeps the sampler warm is kept itself.
   * @param readyMs How long the sampler goes on after a recording.
   */
  constructor(renewalMs = 10_000, readyMs = 10_000) {
    this.#renewalMs = renewalMs
    this.#readyMs = readyMs
  }

  /**
   * Keeps a profile of nobody, beside which every other one starts at once. It is replaced from time to time, because
   * its samples add up (40 KB a second); the longer that takes, the less often.
   *
   * @param uncounted Runs work that recordings leave out.
   * @throws When the inspector is not there or refuses.
   */
  keepWarm(intervalUs: number, uncounted: <T>(work: () => T) => T): void {
    if (this.#warm !== undefined) {
      return
    }
    this.#warm = this.start(intervalUs)
    const renew = (): void => {
      const startMs = now()
      uncounted(() => {
        const old = this.#warm!
        this.#warm = this.start(intervalUs)
        this.#end(old)
      })
      renewLater(Math.max(this.#renewalMs, (now() - startMs) * 1000))
    }
    const renewLater = (ms: number): void => {
      setTimer(renew, ms).unref()
    }
    renewLater(this.#renewalMs)
  }

  /**
   * Starts a profile and returns its title.
   *
   * @throws When the inspector is not there or refuses.
   */
  start(intervalUs: number): string {
    if (this.#live === 1 && this.#ready !== undefined && this.intervalUs !== intervalUs) {
      this.rest()
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
      if (this.#warm === undefined) {
        this.#stayReady()
      }
      return this.#end(title)
    } catch (error) {
      this.rest()
      throw error
    }
  }

  /** Ends what keeps the sampler ready after a recording. */
  rest(): void {
    clearTimer(this.#restTimer)
    const ready = this.#ready
    this.#ready = undefined
    try {
      if (ready !== undefined) {
        this.#end(ready)
      }
    } catch {
      // Nobody's profile is missed when the inspector was taken away.
    }
  }

  #stayReady(): void {
    this.#ready ??= this.start(this.intervalUs)
    clearTimer(this.#restTimer)
    this.#restTimer = setTimer(() => {
      // Ending a profile takes milliseconds, which are not those of a recording.
      if (this.#live === 1) {
        this.rest()
      }
    }, this.#readyMs).unref()
  }

  #end(title: string): V8Profile {
    this.#finished = undefined
    loadInspector().console.profileEnd(title)
    const finished = this.#finished as { title: string; profile: V8Profile } | undefined
    if (--this.#live === 0) {
      this.#disconnect()
    }
    if (finished?.title !== title) {
      throw new Error(
        'V8 gave no profile: the inspector was disconnected while the request was recorded'
      )
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
