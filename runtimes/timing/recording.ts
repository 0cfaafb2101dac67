import type { Capture, Recording, RecordingOptions } from '../../src/adapter.ts'
import type { SpanScope } from '../../src/capture/span-log.ts'
import { SpanLog } from '../../src/capture/span-log.ts'
import type { ReadStack, Track } from '../../src/capture/track.ts'
import { readTrack } from '../../src/capture/track.ts'
import type { SpanRecord } from '../../src/session/records.ts'
import { callMarked } from './marker.ts'
import { REQUEST_FUNCTION, SpanFrames } from './places.ts'
import type { Timed, TimingTracker } from './tracker.ts'
import { lazyFrames } from './tracker.ts'

const CPU =
  'timed between the middleware and awaits that are known, not sampled; what runs in a handler stands at the handler, and waits for what is not wrapped count as well'
const WAITS =
  'timed from call to answer, for fetch, timers, streams, bodies, crypto and caches, at the line that called them as far as stacks tell it'
const UNCERTAIN =
  '; this runtime has no AsyncLocalStorage, so calls after an await are told apart by their stacks'

/** One recorded request: spans, and calls of wrapped APIs. */
export class TimingRecording implements Recording {
  readonly #tracker: TimingTracker<TimingRecording>
  readonly #timed: Timed<TimingRecording>
  readonly #scope: SpanScope
  readonly #spans: SpanLog
  readonly #intervalUs: number
  #startUs = 0
  #startTime = 0
  #endUs = 0
  #firstByteUs: number | undefined

  constructor(tracker: TimingTracker<TimingRecording>, options: RecordingOptions) {
    this.#tracker = tracker
    this.#intervalUs = options.intervalUs
    const timed = tracker.begin(this, options)
    this.#timed = timed
    const current = (): number => {
      const place = tracker.likely(lazyFrames(current))
      return place?.timed === timed ? place.span : -1
    }
    this.#scope = {
      current,
      run: (span, work) => tracker.run({ timed, span }, work),
    }
    this.#spans = new SpanLog(tracker.nowUs, this.#scope)
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    const { activity, id: recording } = this.#timed
    this.#startTime = Date.now()
    activity.begin()
    this.#startUs = this.#tracker.nowUs()
    const end = (): void => {
      this.#endUs = this.#tracker.nowUs()
      activity.end(this.#endUs)
    }
    const mark = { recording, span: -1 }
    return await this.#scope.run(-1, () => callMarked(mark, request, () => undefined, end))
  }

  span<T>(name: string, kind: SpanRecord['kind'], work: () => T): T {
    const { activity, id: recording } = this.#timed
    return this.#spans.honoProfilerSpan(name, kind, () => {
      const span = this.#tracker.current()?.span ?? -1
      const caller = activity.enter(span)
      const onReturn = (): void => {
        activity.returnTo(caller)
      }
      const onEnd = (): void => {
        activity.leave(span)
      }
      return callMarked({ recording, span }, work, onReturn, onEnd)
    })
  }

  firstByte(): void {
    this.#firstByteUs = this.#tracker.nowUs()
  }

  stop(): Capture {
    const stopUs = this.#tracker.nowUs()
    const { track, activity } = this.#timed
    const isCut = this.#endUs === 0
    const endUs = isCut ? stopUs : this.#endUs
    if (isCut) {
      activity.end(endUs)
    }
    this.#tracker.end(this.#timed)
    const spans = this.#spans.records(this.#startUs, endUs)
    const frames = new SpanFrames(spans, track.operations)
    const { operations, segments, pauses } = readTrack(track, readOperation(track, frames))
    return {
      startUs: this.#startUs,
      endUs,
      isCut,
      firstByteUs: this.#firstByteUs,
      startTime: this.#startTime,
      intervalUs: this.#intervalUs,
      samples: { timeUs: [], stack: [], frames: () => [] },
      operations,
      segments: { ...segments, frames: (segment) => frames.ofSpan(activity.spanOf[segment]!) },
      root: REQUEST_FUNCTION,
      pauses,
      spans,
      fidelity: { cpu: CPU, waits: this.#tracker.isCertain ? WAITS : WAITS + UNCERTAIN },
      startOverhead: 0,
      stopOverhead: (this.#tracker.nowUs() - stopUs) / 1000,
      notes: clockNotes(track),
    }
  }
}

function readOperation({ operations }: Track<unknown>, frames: SpanFrames): ReadStack {
  return (operation) =>
    operation.type === 'reaction'
      ? { kind: 'await', frames: frames.ofCall(operation, operations[operation.awaits]!.name) }
      : { kind: 'callback', frames: frames.ofCall(operation, operation.name) }
}

/** What a reader should know of a clock that goes in steps, or only while the code waits. */
function clockNotes({ segments: { startUs, endUs } }: Track<unknown>): string[] {
  const isWhole = (us: number): boolean => Math.abs(us - Math.round(us / 1000) * 1000) < 1
  if (![...startUs, ...endUs].every(isWhole)) {
    return []
  }
  const didRun = startUs.some((us, i) => endUs[i]! > us)
  return [
    didRun
      ? "This runtime's clock goes in steps of 1 ms, so shorter times are rounded."
      : "This runtime's clock did not move while code ran: cpu shows as 0, and only waits have a time.",
  ]
}
