import { afterMicrotasks } from '../../src/capture/promise-getter.ts'
import type { Operation, Track } from '../../src/capture/track.ts'

/** Microtasks after an event in which code that it led to may still run: chains of resolved promises. */
const TICKS = 32

/** Microtasks further apart than this had something between them. */
const UNSEEN_WORK_US = 20

/** A run as long as this did something, whether it called a known API or not. */
const NOTICEABLE_US = 50

/**
 * When a request holds the processor, as far as known events tell: the beginning and end of spans, calls of wrapped
 * APIs and their answers. After each event the request is taken to run until the microtasks have passed that the
 * event put in the queue; then it waits, if something is under way that it can wait for. If nothing is, it may be
 * computing or waiting for what is not wrapped: that counts as running, in the innermost span.
 */
export class Activity {
  /** The span of each segment; -1 outside of all. */
  readonly spanOf: number[] = []
  readonly #track: Track<unknown>
  readonly #nowUs: () => number
  readonly #openSpans: number[] = []
  /** Operations under way, with the time since which the request waits for them. */
  readonly #pending = new Map<Operation, number>()
  /** Operations that were called since the request last waited. */
  readonly #called = new Set<Operation>()
  #run = -1
  #span = -1
  #startUs = 0
  #isRunning = false
  /** The last run that did something: later runs may depend on it. */
  #effectiveRun = 0
  /** The caller of a span goes on only until the next microtask; then the innermost span does. */
  #isCallerOnly = false
  #lastEventUs = 0
  #lastTickUs = 0
  #ticks = 0

  constructor(track: Track<unknown>, nowUs: () => number) {
    this.#track = track
    this.#nowUs = nowUs
  }

  /** Begins the request. */
  begin(): void {
    const nowUs = this.#nowUs()
    this.#start(this.#track.add('root', nowUs, -1), nowUs)
    this.#watch(nowUs)
  }

  /** Begins a span, and returns the one that calls it. */
  enter(span: number): number {
    const caller = this.#span
    this.#event()
    this.#openSpans.push(span)
    this.#switch(span)
    return caller
  }

  /** A span gave a promise, so the code that called it goes on. */
  returnTo(caller: number): void {
    this.#event()
    this.#switch(caller)
    this.#isCallerOnly = true
  }

  /** Ends a span. */
  leave(span: number): void {
    this.#event()
    this.#openSpans.splice(this.#openSpans.lastIndexOf(span), 1)
    this.#switch(this.innermost())
  }

  /** The span that began last and has not ended; -1 when there is none. */
  innermost(): number {
    return this.#openSpans.at(-1) ?? -1
  }

  /** Adds an operation that the code which runs now begins. */
  add(name: string): Operation {
    const nowUs = this.#event()
    const operation = this.#track.add('callback', nowUs, this.#run)
    operation.name = name
    this.#called.add(operation)
    return operation
  }

  /** From now on, the request can wait for the operation. */
  await(operation: Operation): void {
    this.#pending.set(operation, NaN)
  }

  /** The operation will never come back. */
  forget(operation: Operation): void {
    this.#pending.delete(operation)
    this.#called.delete(operation)
  }

  /** The operation has come back, and what waited for it runs, in span `span` if that is still open. */
  resume(operation: Operation, span: number): void {
    const nowUs = this.#nowUs()
    this.#stop(nowUs)
    this.#resumeBy(operation, nowUs)
    this.forget(operation)
    this.#span = this.#openSpans.includes(span) ? span : this.innermost()
    this.#isCallerOnly = false
    this.#watch(nowUs)
  }

  /** Ends the request. */
  end(endUs: number): void {
    if (!this.#isRunning && this.#pending.size > 0) {
      this.#wake(endUs)
    }
    this.#stop(endUs)
  }

  /** Code of the request runs now. When it was taken to wait, something came back unseen. */
  #event(): number {
    const nowUs = this.#nowUs()
    if (!this.#isRunning) {
      this.#wake(nowUs)
    }
    this.#effectiveRun = this.#run
    this.#watch(nowUs)
    return nowUs
  }

  #wake(nowUs: number): void {
    const latest = [...this.#pending.keys()].at(-1)
    if (latest) {
      this.#resumeBy(latest, nowUs)
      this.#span = this.innermost()
    }
  }

  #resumeBy(operation: Operation, nowUs: number): void {
    const sinceUs = this.#pending.get(operation) ?? NaN
    const awaitedUs = Number.isNaN(sinceUs) ? nowUs : sinceUs
    const reaction = this.#track.add('reaction', awaitedUs, this.#effectiveRun)
    reaction.awaits = operation.index
    reaction.stack = operation.stack
    operation.settledUs = nowUs
    this.#start(reaction, nowUs)
  }

  #start(operation: Operation, nowUs: number): void {
    this.#run = this.#track.runs.push(operation.index) - 1
    this.#startUs = nowUs
    this.#isRunning = true
  }

  #stop(endUs: number): void {
    if (!this.#isRunning) {
      return
    }
    const { run, startUs, endUs: ends } = this.#track.segments
    run.push(this.#run)
    startUs.push(this.#startUs)
    ends.push(Math.max(endUs, this.#startUs))
    this.spanOf.push(this.#span)
    if (endUs - this.#startUs >= NOTICEABLE_US) {
      this.#effectiveRun = this.#run
    }
    this.#isRunning = false
  }

  #switch(span: number): void {
    if (span !== this.#span) {
      const nowUs = this.#nowUs()
      this.#stop(nowUs)
      this.#span = span
      this.#startUs = nowUs
      this.#isRunning = true
    }
    this.#isCallerOnly = false
  }

  #watch(nowUs: number): void {
    this.#lastEventUs = nowUs
    this.#lastTickUs = nowUs
    if (this.#ticks === 0) {
      afterMicrotasks(this.#tick)
    }
    this.#ticks = TICKS
  }

  readonly #tick = (): void => {
    if (!this.#track.live) {
      return
    }
    const nowUs = this.#nowUs()
    if (nowUs - this.#lastTickUs > UNSEEN_WORK_US) {
      this.#lastEventUs = nowUs
    }
    this.#lastTickUs = nowUs
    if (this.#isCallerOnly && this.#isRunning) {
      this.#switch(this.innermost())
    }
    if (--this.#ticks > 0) {
      afterMicrotasks(this.#tick)
    } else {
      this.#rest()
    }
  }

  #rest(): void {
    const nowUs = this.#lastEventUs
    for (const operation of this.#called) {
      if (isTimeout(operation)) {
        this.await(operation)
      }
    }
    this.#called.clear()
    for (const [operation, sinceUs] of this.#pending) {
      if (Number.isNaN(sinceUs)) {
        this.#pending.set(operation, nowUs)
      }
    }
    if (this.#pending.size > 0) {
      this.#stop(nowUs)
    }
  }
}

/** Its callback comes once and after a while. */
function isTimeout({ name, dueUs }: Operation): boolean {
  return !Number.isNaN(dueUs) && name !== 'setInterval'
}
