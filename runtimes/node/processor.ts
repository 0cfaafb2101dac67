import { nowUs } from './clock.ts'
import type { Operation, Track } from './track.ts'

/** From one run to the next without anything between there is but the hooks' own work. */
const LONGEST_HOOKS_US = 5

/** A run that holds the processor now. */
interface OpenRun {
  operation: Operation
  run: number
}

/** Tells which run of a recorded request holds the processor, and writes down from when to when. */
export class Processor {
  /** Innermost last. */
  #open: OpenRun[] = []
  #segmentStartUs = 0
  /** The track whose run was the last to leave the processor, and when. */
  #leftTrack: Track<unknown> | undefined
  #leftUs = 0

  /** Whether no recorded request holds it. */
  get isFree(): boolean {
    return this.#open.length === 0
  }

  /** The operation whose run holds it, the innermost one. */
  get current(): Operation | undefined {
    return this.#open.at(-1)?.operation
  }

  /** The run of a track that holds it; -1 for none. */
  runOf(track: Track<unknown>): number {
    const open = this.#open.at(-1)
    return open?.operation.track === track ? open.run : -1
  }

  /** A run begins. */
  enter(operation: Operation | undefined): void {
    const track = operation?.track
    if (operation === undefined || track === undefined) {
      return
    }
    const isNested = this.#open.length > 0
    const startUs = nowUs()
    this.#closeSegment(startUs)
    const run = track.runs.push(operation.index) - 1
    this.#open.push({ operation, run })
    this.#segmentStartUs = isNested ? startUs : this.#afterHooks(track)
  }

  /** A run ends. An exception can skip the `after` of inner ones, so everything above it ends as well. */
  leave(operation: Operation | undefined): void {
    if (operation?.track === undefined) {
      return
    }
    const depth = this.#open.findLastIndex((open) => open.operation === operation)
    if (depth < 0) {
      return
    }
    const endUs = nowUs()
    this.#closeSegment(endUs)
    this.#open.length = depth
    this.#leftTrack = depth === 0 ? operation.track : undefined
    this.#leftUs = endUs
    this.#segmentStartUs = endUs
  }

  /** A track is no longer followed: its runs end, those of others go on. */
  leaveTrack(track: Track<unknown>): void {
    const endUs = nowUs()
    this.#closeSegment(endUs)
    this.#segmentStartUs = endUs
    this.#open = this.#open.filter(({ operation }) => operation.track !== track)
  }

  /** Nobody is followed any more. */
  clear(): void {
    this.#open = []
    this.#leftTrack = undefined
  }

  /** The time now, without what the hooks took since the same track had the processor before. */
  #afterHooks(track: Track<unknown>): number {
    const endUs = nowUs()
    if (this.#leftTrack === track && endUs - this.#leftUs < LONGEST_HOOKS_US) {
      track.pause(this.#leftUs, endUs)
    }
    return endUs
  }

  #closeSegment(endUs: number): void {
    const open = this.#open.at(-1)
    if (open !== undefined) {
      const { run, startUs, endUs: ends } = open.operation.track!.segments
      run.push(open.run)
      startUs.push(this.#segmentStartUs)
      ends.push(endUs)
    }
  }
}
