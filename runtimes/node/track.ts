import type { Delivery } from '../../src/adapter.ts'
import type { OperationLimit } from '../../src/capture/track.ts'
import type { Shared } from './deliveries.ts'

/** Something asynchronous that the request started: a timer, a native operation, a promise. */
export class Operation {
  /** Emptied when the recording ends: a promise that lives on must not keep the recording. */
  track: Track<unknown> | undefined
  readonly index: number
  /** As `async_hooks` names it, like `Timeout`; empty for promises. */
  readonly type: string
  readonly createdUs: number
  readonly createdIn: number
  awaits: number = -1
  dueUs: number = NaN
  settledUs: number = NaN
  settledIn: number = -1
  /** What settled it, if no run of its request did. */
  delivery: Delivery | undefined = undefined
  /** What it awaits, if that is a promise of others. */
  shared: Shared | undefined = undefined
  /** Its `stack` is formatted when it is first read, so an unread one costs little. */
  holder: { stack?: unknown } | undefined = undefined
  /** The operation of the same call of an async function whose place is this one's as well; -1 for none. */
  continues: number = -1
  /** The promise that the async function gives whose `await` this is; -1 unknown. */
  call: number = -1

  constructor(track: Track<unknown>, type: string, createdUs: number, createdIn: number) {
    this.track = track
    this.index = track.operations.length
    this.type = type
    this.createdUs = createdUs
    this.createdIn = createdIn
    track.operations.push(this)
  }
}

/** What is seen of one recorded request. Runs are numbered; a segment is an uninterrupted stretch of a run. */
export class Track<Owner> {
  /** What the request is recorded by. */
  readonly owner: Owner
  /** What asynchronous contexts hold. Emptied at the end: a pooled connection keeps its context. */
  readonly handle: { track: Track<Owner> | undefined } = { track: this }
  readonly operations: Operation[] = []
  readonly asyncIds: number[] = []
  /** The promises of others that it awaits, where they are known by number. */
  readonly sharedIds: number[] = []
  /** The operation that started each run. */
  readonly runs: number[] = []
  readonly segments = { run: [] as number[], startUs: [] as number[], endUs: [] as number[] }
  readonly pauses = { startUs: [] as number[], endUs: [] as number[] }
  readonly #limit: OperationLimit
  /** Awaits and callbacks. */
  #followed = 0

  constructor(owner: Owner, limit: OperationLimit = {}) {
    this.owner = owner
    this.#limit = limit
  }

  /** Counts an await or callback; those beyond the limit are not seen. */
  follow(): void {
    if (++this.#followed === this.#limit.maxOperations) {
      this.handle.track = undefined
      this.#limit.onFull?.()
    }
  }

  /** Leaves a stretch of the profiler's own work out of the request. */
  pause(startUs: number, endUs: number): void {
    this.pauses.startUs.push(startUs)
    this.pauses.endUs.push(endUs)
  }
}
