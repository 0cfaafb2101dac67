import type {
  Capture,
  CapturedFunction,
  CapturedOperations,
  CapturedSamples,
  Recording,
  RecordingOptions,
} from '../../src/adapter.ts'
import { OTHER_INTERVAL } from '../../src/adapter.ts'
import { contextScope, SpanLog } from '../../src/capture/span-log.ts'
import type { CreationStack } from '../../src/capture/track.ts'
import { captureOperations, rememberStacks } from '../../src/capture/track.ts'
import { readV8Profile } from '../../src/normalize/v8-profile.ts'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import type { SpanRecord } from '../../src/session/records.ts'
import { callerFrame, creationStackReader } from '../common/call-sites.ts'
import type { AsyncTracker } from './async-tracker.ts'
import { nowUs } from './clock.ts'
import type { Sampler } from './sampler.ts'
import { nodeSourceFiles } from './source-files.ts'
import type { Track } from './track.ts'

const CPU_SAMPLED =
  'V8 samples; each stretch in which the request held the processor is timed exactly; ' +
  'lines by V8’s counts, and where a function calls another, by its text and the lines it was on shortly before or after'
const CPU_UNSAMPLED =
  'timed exactly, but not sampled: it stands at the function that was resumed, not at those it called'
const WAITS = 'exact: every await, callback and timer of the request was seen as it began and ended'

const ignore = (): void => undefined

const NO_PROFILE: V8Profile = { nodes: [], startTime: 0, endTime: 0 }

/** One recorded request on Node: V8's samples, and its awaits told by `async_hooks`. */
export class NodeRecording implements Recording {
  readonly #sampler: Sampler
  readonly #tracker: AsyncTracker<NodeRecording>
  readonly #intervalUs: number
  readonly #title: string | undefined
  readonly #clockBracket: ClockBracket
  readonly #track: Track<NodeRecording>
  readonly #spans: SpanLog
  #startOverheadUs: number
  readonly #notes: string[] = []
  #root: CapturedFunction | undefined
  #startUs = 0
  #startTime = 0
  #endUs = 0
  #firstByteUs: number | undefined

  constructor(sampler: Sampler, tracker: AsyncTracker<NodeRecording>, options: RecordingOptions) {
    this.#sampler = sampler
    this.#tracker = tracker
    const beforeUs = nowUs()
    this.#clockBracket = { beforeUs, beforeMonotonicUs: monotonicUs() }
    this.#title = this.#sampled(() => sampler.start(options.intervalUs))
    this.#intervalUs = sampler.intervalUs || options.intervalUs
    if (this.#intervalUs !== options.intervalUs) {
      this.#notes.push(OTHER_INTERVAL)
    }
    tracker.pauseAll(beforeUs, nowUs())
    this.#startOverheadUs = nowUs() - beforeUs
    this.#track = tracker.begin(this, options)
    this.#spans = new SpanLog(nowUs, contextScope(tracker.spanStorage))
  }

  /** Waits until V8 takes samples, which may be later than it was told to. */
  async warmUp(): Promise<void> {
    const beforeUs = nowUs()
    try {
      if (this.#title !== undefined) {
        await this.#sampler.untilSampling(this.#intervalUs)
      }
    } catch {
      // An inspector that was taken away meanwhile is noticed, and told, when the recording stops.
    }
    this.#startOverheadUs += nowUs() - beforeUs
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const recordedRequest = async (): Promise<T> => {
      this.#root = callerFrame()?.function
      if (!this.#root) {
        this.#notes.push(
          'waits have no place: `Error` is frozen, so that call sites cannot be read'
        )
      }
      this.#startTime = Date.now()
      this.#startUs = nowUs()
      try {
        return await work()
      } finally {
        this.#endUs = nowUs()
      }
    }
    const request = this.#tracker.run(this.#track, recordedRequest)
    // V8 follows who awaits whom only while it is one: stacks end here, and each costs half as much to take.
    request.then(ignore, ignore)
    return await request
  }

  span<T>(name: string, kind: SpanRecord['kind'], work: () => T): T {
    return this.#spans.honoProfilerSpan(name, kind, work)
  }

  firstByte(): void {
    this.#firstByteUs = nowUs()
  }

  async stop(): Promise<Capture> {
    const stopUs = nowUs()
    const endUs = this.#endUs || stopUs
    this.#tracker.end(this.#track)
    const title = this.#title
    const stop = (): V8Profile => this.#tracker.apart(() => this.#sampler.stop(title!))
    const profile = title && this.#sampled(stop)
    const stoppedUs = nowUs()
    this.#tracker.pauseAll(stopUs, stoppedUs)
    const recorded = {
      startUs: this.#startUs,
      endUs,
      isCut: this.#endUs === 0,
      firstByteUs: this.#firstByteUs,
      startTime: this.#startTime,
      intervalUs: this.#intervalUs,
      operations: operationsOf(this.#track),
      segments: {
        ...this.#track.segments,
        operationOf: (run: number) => this.#track.runs[run] ?? -1,
      },
      root: this.#root,
      pauses: this.#track.pauses,
      spans: this.#spans.records(this.#startUs, endUs),
      fidelity: { cpu: profile ? CPU_SAMPLED : CPU_UNSAMPLED, waits: WAITS },
      startOverhead: this.#startOverheadUs / 1000,
      stopOverhead: (stoppedUs - stopUs) / 1000,
      notes: this.#notes,
      files: nodeSourceFiles,
    }
    // For thousands of nodes V8 has held the event loop for tens of milliseconds, and reading them takes as long.
    await nodeSourceFiles.breathe()
    return { ...recorded, samples: this.#read(profile || NO_PROFILE) }
  }

  /** What it takes is no time of the recordings that are still in flight. */
  #read(profile: V8Profile): CapturedSamples {
    const startUs = nowUs()
    const offsetUs = profile === NO_PROFILE ? 0 : clockOffsetUs(profile, this.#clockBracket)
    const samples = readV8Profile(profile, offsetUs)
    this.#tracker.pauseAll(startUs, nowUs())
    return samples
  }

  /** Without samples the waits are still worth a report, which then says why the rest is missing. */
  #sampled<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#notes.push(`V8's sampler gave no samples: ${reason}`)
      return undefined
    }
  }
}

interface ClockBracket {
  beforeUs: number
  beforeMonotonicUs: number
}

const monotonicUs = (): number => Number(process.hrtime.bigint()) / 1000

/**
 * What to subtract from V8's times. On Linux V8 and `process.hrtime` read the same clock; where they do not,
 * the profile's start is taken as the moment before `start` was called (measured: 27-115 us later).
 */
function clockOffsetUs(profile: V8Profile, { beforeUs, beforeMonotonicUs }: ClockBracket): number {
  const sinceBeforeUs = profile.startTime - beforeMonotonicUs
  const isSameClock = sinceBeforeUs >= 0 && sinceBeforeUs < 1_000_000
  return isSameClock ? beforeMonotonicUs - beforeUs : profile.startTime - beforeUs
}

function operationsOf({ operations }: Track<unknown>): CapturedOperations {
  const read = creationStackReader()
  const innermost = new Map<CreationStack, CreationStack>()
  const stackOf = rememberStacks((index) => {
    const { holder, type, continues } = operations[index]!
    if (continues >= 0) {
      return innermostOf(innermost, stackOf(continues))
    }
    return holder ? read(holder, type === '') : index === 0 ? ROOT_STACK : NO_STACK
  })
  return {
    ...captureOperations(operations, stackOf, ({ type }) => type),
    delivery(index) {
      const { awaits, shared } = operations[index]!
      return awaits >= 0 ? operations[awaits]!.delivery : shared?.delivery
    },
  }
}

const ROOT_STACK: CreationStack = { kind: 'root', frames: [] }
const NO_STACK: CreationStack = { kind: 'callback', frames: [] }

/** The stack of an async function that was resumed: what called it at first is no part of it. */
function innermostOf(
  known: Map<CreationStack, CreationStack>,
  stack: CreationStack
): CreationStack {
  let innermost = known.get(stack)
  if (!innermost) {
    innermost = { kind: stack.kind, frames: stack.frames.slice(-1) }
    known.set(stack, innermost)
  }
  return innermost
}
