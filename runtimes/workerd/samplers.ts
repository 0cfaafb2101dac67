import type { CapturedSamples } from '../../src/adapter.ts'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { readV8Profile } from '../../src/normalize/v8-profile.ts'
import { nextTickUs, nowUs, TICK_US } from './clock.ts'
import type { Inspector } from './inspector.ts'
import { LocalInspector } from './inspector.ts'
import { joined, withColumns, withIdle } from './samples.ts'

/** What one recording has seen of its profiles so far. */
export interface LocalSampling {
  readonly profiles: CapturedSamples[]
}

/**
 * V8's sampler through the inspector from inside. A session has one profile, so recordings that overlap share it:
 * when one of them ends, the others go on with a new one.
 */
export class LocalSampler {
  readonly #live = new Set<LocalSampling>()
  #inspector: LocalInspector | undefined
  #intervalUs = 0
  #startUs = 0

  /**
   * Starts a recording's sampling. The interval of the first live one holds for all.
   *
   * @throws When the inspector refuses.
   */
  start(intervalUs: number): LocalSampling {
    if (this.#live.size === 0) {
      this.#connect(intervalUs)
    }
    const sampling: LocalSampling = { profiles: [] }
    this.#live.add(sampling)
    return sampling
  }

  /**
   * Ends a recording's sampling and gives its samples, on the worker's clock.
   *
   * @throws When the inspector refuses.
   */
  stop(sampling: LocalSampling): CapturedSamples {
    this.#live.delete(sampling)
    try {
      const samples = this.#stopProfile()
      sampling.profiles.push(samples)
      for (const other of this.#live) {
        other.profiles.push(samples)
      }
      return withIdle(withColumns(joined(sampling.profiles)), this.#intervalUs)
    } finally {
      this.#goOn()
    }
  }

  #connect(intervalUs: number): void {
    this.#inspector = new LocalInspector()
    this.#intervalUs = intervalUs
    try {
      this.#inspector.postSync('Profiler.enable')
      this.#inspector.postSync('Profiler.setSamplingInterval', { interval: intervalUs })
      this.#startProfile()
    } catch (error) {
      this.#disconnect()
      throw error
    }
  }

  #disconnect(): void {
    this.#inspector?.close()
    this.#inspector = undefined
  }

  #goOn(): void {
    if (this.#live.size > 0) {
      this.#startProfile()
    } else {
      this.#disconnect()
    }
  }

  #startProfile(): void {
    this.#startUs = tickedUs()
    this.#inspector!.postSync('Profiler.start')
  }

  #stopProfile(): CapturedSamples {
    const stopUs = tickedUs()
    const { profile } = this.#inspector!.postSync('Profiler.stop') as { profile: V8Profile }
    return readV8Profile(profile, clockOffsetUs(profile, this.#startUs, stopUs))
  }
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
