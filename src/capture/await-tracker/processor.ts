import { afterMicrotasks } from '../promise-getter.ts'
import type { Operation, Track } from '../track.ts'
import type { TrackerPort } from './port.ts'

/** A run that holds the processor now. */
interface OpenRun {
  track: Track<unknown>
  run: number
}

/**
 * Microtasks after the marker of a run in which what the run put in the queue is still looked for. Promises given
 * to promises pass the queue up to three times before a reaction is seen.
 */
const TICKS_AFTER_RUN = 4

/** Microtasks further apart than this had something between them that the getter does not see. */
const UNSEEN_WORK_US = 20

/** Tells which run of a recorded request holds the processor, and writes down from when to when. */
export class Processor {
  readonly #port: TrackerPort
  /** Innermost last: more than one only where a recording or a callback starts inside of a run. */
  #open: OpenRun[] = []
  #segmentStartUs = 0
  /** Whether the segment only looks for what the run left in the queue. */
  #isTail = false
  /** When nothing of the run was left in the queue, as far as it is seen; NaN before that. */
  #quietUs = NaN
  #enqueuer: OpenRun | undefined
  #runCount = 0

  constructor(port: TrackerPort) {
    this.#port = port
  }

  /** The run that holds the processor, the innermost one. */
  get current(): OpenRun | undefined {
    return this.#open.at(-1)
  }

  /** How many runs stand within each other. */
  get depth(): number {
    return this.#open.length
  }

  /** The run that put into the queue what is now taken from it. */
  get enqueuer(): OpenRun | undefined {
    return this.#enqueuer
  }

  /** A track is no longer followed: its runs end, those of others go on. */
  leaveTrack(track: Track<unknown>): void {
    const nowUs = this.#port.nowUs()
    this.#closeSegment(nowUs)
    this.#segmentStartUs = nowUs
    track.leave()
    this.#open = this.#open.filter((open) => open.track !== track)
  }

  /** Nothing is followed any more. */
  reset(): void {
    this.#open = []
    this.#enqueuer = undefined
  }

  /** What has left the processor comes back from the queue: whatever held it has ended. */
  resume(operation: Operation, nowUs: number): void {
    this.#closeAll(nowUs)
    this.enter(operation, nowUs)
  }

  /** A run begins, within the one that holds the processor or after it; gives its number. */
  enter(operation: Operation, startUs: number): number {
    const { track } = operation
    const open = { track, run: track.runs.push(operation.index) - 1 }
    this.#runCount++
    this.#closeSegment(startUs)
    this.#open.push(open)
    this.#segmentStartUs = startUs
    afterMicrotasks(() => {
      this.#takeOver(open)
    })
    return open.run
  }

  /** The innermost runs end, down to a depth. */
  leave(depth: number): void {
    const endUs = this.#port.nowUs()
    this.#closeSegment(endUs)
    this.#open.length = depth
    this.#segmentStartUs = endUs
  }

  /** What runs now belongs to no recording, and what it puts in the queue neither. */
  readonly beginForeign = (): void => {
    if (this.#open.length > 0 || this.#enqueuer) {
      this.#closeAll(this.#port.nowUs())
      afterMicrotasks(() => {
        this.#closeAll(this.#port.nowUs())
        this.#enqueuer = undefined
      })
    }
  }

  #closeAll(endUs: number): void {
    this.#closeSegment(endUs)
    this.#open = []
  }

  /** From here on the queue holds what a run put there; what of it the getter does not see goes on with the run. */
  #takeOver(open: OpenRun): void {
    const nowUs = this.#port.nowUs()
    this.#closeAll(nowUs)
    this.#enqueuer = open.track.live ? open : undefined
    if (this.#enqueuer) {
      this.#open = [open]
      this.#segmentStartUs = nowUs
      this.#isTail = true
      this.#watchTail(open, nowUs)
    }
  }

  #watchTail(open: OpenRun, nowUs: number): void {
    const { afterDrain, isDrainLate } = this.#port
    if (!afterDrain || isDrainLate) {
      this.#countTicks(open, nowUs, TICKS_AFTER_RUN)
    }
    if (afterDrain && !open.track.awaitsDrain) {
      open.track.awaitsDrain = true
      this.#waitForDrain(open.track, afterDrain)
    }
  }

  /** What the queue held can have put more into other queues that come before the event loop goes on. */
  #waitForDrain(track: Track<unknown>, afterDrain: (work: () => void) => void): void {
    const runs = this.#runCount
    afterDrain(() => {
      if (this.#runCount > runs) {
        this.#waitForDrain(track, afterDrain)
        return
      }
      track.awaitsDrain = false
      this.#closeAll(this.#port.nowUs())
      this.#enqueuer = undefined
    })
  }

  #countTicks(open: OpenRun, sinceUs: number, ticks: number): void {
    afterMicrotasks(() => {
      if (this.#enqueuer !== open) {
        return
      }
      const nowUs = this.#port.nowUs()
      const isBusy = nowUs - sinceUs > UNSEEN_WORK_US
      if (isBusy || ticks > 0) {
        this.#countTicks(open, nowUs, isBusy ? TICKS_AFTER_RUN : ticks - 1)
        return
      }
      this.#quietUs = nowUs
      if (!this.#port.afterDrain) {
        this.#enqueuer = undefined
        if (this.#open[0] === open) {
          this.#closeAll(nowUs)
        }
      }
    })
  }

  #closeSegment(endUs: number): void {
    const open = this.#open.at(-1)
    const isEmptyTail = this.#isTail && endUs - this.#segmentStartUs <= UNSEEN_WORK_US
    if (open && !isEmptyTail) {
      const { run, startUs, endUs: ends, seenUs } = open.track.segments
      run.push(open.run)
      startUs.push(this.#segmentStartUs)
      ends.push(endUs)
      seenUs.push(this.#isTail && this.#quietUs < endUs ? this.#quietUs : endUs)
    }
    this.#isTail = false
    this.#quietUs = NaN
  }
}
