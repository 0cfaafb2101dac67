import { samplingProfilerStackTraces } from 'bun:jsc'
import { Session } from 'node:inspector'
import type { SampledCode, Sampling } from '../../src/capture/tracked-recording.ts'
import type { SourceReader } from '../../src/normalize/jsc-frames.ts'
import { TraceLog } from '../../src/normalize/jsc-traces.ts'
import { measureClockOffset } from './clock.ts'

/** Draining costs 4-5 us for each frame and stops the event loop, so little is left to add up. */
const DRAIN_INTERVAL_MS = 200

const TAKEN = "another profiler uses JSC's sampler, of which a process has one"
const LOST = "another profiler stopped JSC's sampler meanwhile, so samples are missing"

/** A share of samples without a line that is worth a word. */
const MUCH = 0.05
const UNTOLD =
  'Bun does not tell the lines of its fastest code: started with the environment variable BUN_JSC_alwaysGeneratePCToCodeOriginMap=1, it does'

/** Bound now, so that fake timers of an application do not reach them, nor this profiler's own wrappers. */
const { setInterval, clearInterval } = globalThis

export interface SamplerPort {
  /** The recording's clock, in microseconds. */
  readonly nowUs: () => number
  /** Told of a stretch in which the sampler held the processor. */
  onWork(startUs: number, endUs: number): void
  source: SourceReader
}

/** JSC's sampling profiler, of which a process has one: steered through the inspector, read through `bun:jsc`. */
export class Sampler {
  readonly #port: SamplerPort
  readonly #starts = new Set<{ startUs: number; isLost: boolean }>()
  #session: Session | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #log: TraceLog | undefined
  #clockOffsetUs = 0
  #intervalUs = 0

  constructor(port: SamplerPort) {
    this.#port = port
  }

  /**
   * Starts sampling. The interval of the first live recording holds for all.
   *
   * @throws When another profiler is using JSC's sampler.
   */
  start(intervalUs: number): Sampling {
    return this.#timed(() => {
      if (this.#starts.size === 0) {
        this.#begin(intervalUs)
      }
      const start = { startUs: this.#port.nowUs(), isLost: false }
      this.#starts.add(start)
      return { intervalUs: this.#intervalUs, stop: () => this.#timed(() => this.#stop(start)) }
    })
  }

  #stop(start: { startUs: number; isLost: boolean }): SampledCode {
    this.#drain()
    const endUs = this.#port.nowUs()
    const samples = this.#log!.samples(start.startUs, endUs, this.#intervalUs)
    const isUntold = this.#log!.untoldShare(start.startUs, endUs) > MUCH
    this.#starts.delete(start)
    const oldest = [...this.#starts][0]
    if (oldest) {
      this.#log = this.#log!.since(oldest.startUs)
    } else {
      this.#end()
    }
    return { samples, notes: [...(start.isLost ? [LOST] : []), ...(isUntold ? [UNTOLD] : [])] }
  }

  #begin(intervalUs: number): void {
    const session = (this.#session ??= connect())
    if (isRunning(session, intervalUs)) {
      throw new Error(TAKEN)
    }
    session.post('Profiler.enable')
    this.#clockOffsetUs = measureClockOffset(session, this.#port.nowUs)
    session.post('Profiler.setSamplingInterval', { interval: intervalUs })
    session.post('Profiler.start')
    // What was sampled before belongs to nobody.
    samplingProfilerStackTraces()
    this.#intervalUs = intervalUs
    this.#log = new TraceLog(this.#port.source)
    this.#timer = setInterval(() => {
      this.#timed(() => {
        this.#drain()
      })
    }, DRAIN_INTERVAL_MS)
    this.#timer.unref()
  }

  #end(): void {
    clearInterval(this.#timer)
    if (isRunning(this.#session!, this.#intervalUs)) {
      this.#session!.post('Profiler.stop')
    }
    this.#log = undefined
  }

  #drain(): void {
    this.#log!.add(samplingProfilerStackTraces().traces, this.#clockOffsetUs)
    if (!isRunning(this.#session!, this.#intervalUs)) {
      for (const start of this.#starts) {
        start.isLost = true
      }
      this.#session!.post('Profiler.start')
    }
  }

  #timed<T>(work: () => T): T {
    const startUs = this.#port.nowUs()
    try {
      return work()
    } finally {
      this.#port.onWork(startUs, this.#port.nowUs())
    }
  }
}

/** Connected once and for good: disconnecting any session stops the profiler of all. */
function connect(): Session {
  const session = new Session()
  session.connect()
  return session
}

/** Whether any session's profiler runs: the interval can be set only while none does. */
function isRunning(session: Session, intervalUs: number): boolean {
  try {
    session.post('Profiler.setSamplingInterval', { interval: intervalUs })
    return false
  } catch {
    return true
  }
}
