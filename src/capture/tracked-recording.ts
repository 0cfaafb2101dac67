import type {
  Capture,
  CapturedFrame,
  CapturedSamples,
  OriginalPosition,
  Recording,
  RecordingOptions,
  SourceFiles,
} from '../adapter.ts'
import { OTHER_INTERVAL } from '../adapter.ts'
import type { Fidelity, SpanRecord } from '../session/records.ts'
import type { AwaitTracker } from './await-tracker/await-tracker.ts'
import { SpanLog } from './span-log.ts'
import type { ReadStack, Track } from './track.ts'
import { readTrack } from './track.ts'

/** Samples of one recording, being taken. */
export interface Sampling {
  /** Microseconds between two samples. */
  readonly intervalUs: number
  /** Ends it. Called once, after the request. */
  stop(): SampledCode | Promise<SampledCode>
}

/** What a sampler gives. */
export interface SampledCode {
  /** On the tracker's clock. */
  samples: CapturedSamples
  originalPosition?: OriginalPosition
  /** Completes frames that come from call sites, where those do not tell all. */
  ofCallSite?: (frame: CapturedFrame) => CapturedFrame
  /** Sentences about what is missing. More may come while the capture is read. */
  notes?: string[]
}

/** What a runtime gives to a recording made of a sampler and the await tracker. */
export interface TrackedRuntime {
  tracker: AwaitTracker<TrackedRecording>
  nowUs: () => number
  /**
   * Starts a sampler.
   *
   * @throws When there can be no samples; the message says why and what to do. The waits are recorded all the same.
   */
  startSampling: (options: RecordingOptions) => Sampling | Promise<Sampling>
  readStack: ReadStack
  files?: SourceFiles
  /** The frame of the function that calls it. */
  callerFrame: () => CapturedFrame | undefined
  fidelity: {
    /** With samples, and without. */
    cpu: string
    cpuUnsampled: string
    waits: string
  }
}

const NO_SAMPLES: CapturedSamples = { timeUs: [], stack: [], frames: () => [] }

/** Starts a recording. */
export async function startTrackedRecording(
  runtime: TrackedRuntime,
  options: RecordingOptions
): Promise<TrackedRecording> {
  const beforeUs = runtime.nowUs()
  const notes: string[] = []
  const sampling = await attempt(notes, () => runtime.startSampling(options))
  return new TrackedRecording(runtime, options, sampling, notes, runtime.nowUs() - beforeUs)
}

/** One recorded request: a sampler's samples, and its awaits told by the await tracker. */
export class TrackedRecording implements Recording {
  readonly #runtime: TrackedRuntime
  readonly #intervalUs: number
  readonly #sampling: Sampling | undefined
  readonly #notes: string[]
  readonly #startOverheadUs: number
  readonly #track: Track<TrackedRecording>
  readonly #spans: SpanLog
  #root: CapturedFrame | undefined
  #startUs = 0
  #startTime = 0
  #endUs = 0
  #firstByteUs: number | undefined

  constructor(
    runtime: TrackedRuntime,
    options: RecordingOptions,
    sampling: Sampling | undefined,
    notes: string[],
    startOverheadUs: number
  ) {
    this.#runtime = runtime
    this.#intervalUs = sampling?.intervalUs ?? options.intervalUs
    if (this.#intervalUs !== options.intervalUs) {
      notes.push(OTHER_INTERVAL)
    }
    this.#sampling = sampling
    this.#notes = notes
    this.#startOverheadUs = startOverheadUs
    this.#track = runtime.tracker.begin(this, options)
    this.#spans = new SpanLog(runtime.nowUs)
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    const { nowUs, tracker, callerFrame } = this.#runtime
    const recordedRequest = async (): Promise<T> => {
      this.#root = callerFrame()
      this.#startTime = Date.now()
      this.#startUs = nowUs()
      try {
        return await request()
      } finally {
        this.#endUs = nowUs()
      }
    }
    return await tracker.run(this.#track, recordedRequest)
  }

  span<T>(name: string, kind: SpanRecord['kind'], work: () => T): T {
    return this.#spans.honoProfilerSpan(name, kind, work)
  }

  firstByte(): void {
    this.#firstByteUs = this.#runtime.nowUs()
  }

  async stop(): Promise<Capture> {
    const { tracker, nowUs, readStack } = this.#runtime
    const stopUs = nowUs()
    const endUs = this.#endUs || stopUs
    tracker.end(this.#track)
    const sampled = await attempt(this.#notes, () => this.#sampling?.stop())
    const notes = sampled?.notes ?? []
    notes.unshift(...this.#notes)
    const complete = sampled?.ofCallSite ?? ((frame) => frame)
    return {
      startUs: this.#startUs,
      endUs,
      isCut: this.#endUs === 0,
      firstByteUs: this.#firstByteUs,
      startTime: this.#startTime,
      intervalUs: this.#intervalUs,
      samples: sampled?.samples ?? NO_SAMPLES,
      ...readTrack(this.#track, (operation) => {
        const stack = readStack(operation)
        return { ...stack, frames: stack.frames.map(complete) }
      }),
      root: this.#root && complete(this.#root).function,
      spans: this.#spans.records(this.#startUs, endUs),
      fidelity: this.#fidelity(sampled !== undefined),
      startOverhead: this.#startOverheadUs / 1000,
      stopOverhead: (nowUs() - stopUs) / 1000,
      notes,
      ...(this.#runtime.files ? { files: this.#runtime.files } : {}),
      ...(sampled?.originalPosition ? { originalPosition: sampled.originalPosition } : {}),
    }
  }

  #fidelity(isSampled: boolean): Fidelity {
    const { cpu, cpuUnsampled, waits } = this.#runtime.fidelity
    return { cpu: isSampled ? cpu : cpuUnsampled, waits }
  }
}

/** Without samples the waits are still worth a report, which then says why the rest is missing. */
async function attempt<T>(notes: string[], work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    notes.push(`There are no samples: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
