import type { ApiTracker, ContextStorage, Hook } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { onSettled } from '../../src/capture/promise-getter.ts'
import type { TextFrame } from '../../src/capture/stack-text.ts'
import { readStack, takeStack } from '../../src/capture/stack-text.ts'
import type { Operation, OperationLimit } from '../../src/capture/track.ts'
import { Track } from '../../src/capture/track.ts'
import { Activity } from './activity.ts'
import { markOf, showsMarkers } from './marker.ts'

/** What differs between runtimes, and in tests. */
export interface TimingPort {
  /** The clock in microseconds, of any epoch. It may stand still while code runs. */
  nowUs: () => number
  /** An `AsyncLocalStorage`; without one, stacks tell requests apart. */
  storage?: ContextStorage | undefined
  /** Wraps timers and other APIs while something is recorded. */
  wrapApis: (tracker: TimerTracker) => Restore
}

/** What is told of calls, and of timers that are cancelled. */
export interface TimerTracker extends ApiTracker {
  cancelled(handle: unknown): void
}

/** One recorded request. */
export interface Timed<Owner> {
  id: number
  track: Track<Owner>
  activity: Activity
  /** Timers by what the application cancels them with. */
  timers: Map<unknown, Operation>
}

/** Where code runs: in a recorded request, in one of its spans or (-1) outside of them. */
export interface Place<Owner> {
  timed: Timed<Owner>
  span: number
}

/** Where an operation was called. */
export interface CallPlace {
  frames: () => TextFrame[]
  span: number
}

/** Sees the calls of wrapped APIs in recorded requests. One for each process. */
export class TimingTracker<Owner> implements TimerTracker {
  readonly nowUs: () => number
  /** Whether it is certain to which recording code belongs. */
  readonly isCertain: boolean
  readonly #port: TimingPort
  readonly #storage: ContextStorage
  readonly #live = new Map<number, Timed<Owner>>()
  readonly #places = new WeakMap<Operation, Place<Owner>>()
  #restore: Restore | undefined
  #areStacksMarked: boolean | undefined
  #count = 0

  constructor(port: TimingPort) {
    this.#port = port
    this.nowUs = port.nowUs
    this.isCertain = port.storage !== undefined
    this.#storage = port.storage ?? new SynchronousStorage()
  }

  /** Finds out what this engine shows; once before the first recording. */
  async prepare(): Promise<void> {
    this.#areStacksMarked ??= this.isCertain || (await showsMarkers())
  }

  /** Begins to watch. */
  begin(owner: Owner, limit: OperationLimit): Timed<Owner> {
    const track = new Track(owner, limit)
    const activity = new Activity(track, this.nowUs)
    const timed = { id: ++this.#count, track, activity, timers: new Map<unknown, Operation>() }
    this.#live.set(timed.id, timed)
    this.#restore ??= this.#port.wrapApis(this)
    return timed
  }

  /** Ends watching; what the request started and left behind is no longer followed. */
  end({ id, track }: Timed<Owner>): void {
    track.leave()
    this.#live.delete(id)
    if (this.#live.size === 0) {
      this.#restore?.()
      this.#restore = undefined
    }
  }

  /** Runs `work` as a part of a recorded request. */
  run<T>(place: Place<Owner>, work: () => T): T {
    return this.#storage.run(place, work)
  }

  /** Where the code that calls runs, for certain. */
  current(): Place<Owner> | undefined {
    const place = this.#storage.getStore() as Place<Owner> | undefined
    return place?.timed.track.live ? place : undefined
  }

  /** Where the code that calls runs, as its stack has it; where stacks do not tell, in the only request recorded. */
  likely(frames: () => TextFrame[]): Place<Owner> | undefined {
    const known = this.current()
    if (known || this.isCertain || this.#live.size === 0) {
      return known
    }
    return this.#markedPlace(frames()) ?? (this.#areStacksMarked ? undefined : this.#onlyPlace())
  }

  /** Leaves a stretch out of every recording in flight. */
  pauseAll(startUs: number, endUs: number): void {
    for (const { track } of this.#live.values()) {
      track.pause(startUs, endUs)
    }
  }

  note(name: string, wrapper: Hook): Operation | undefined {
    const startUs = this.nowUs()
    const frames = lazyFrames(wrapper)
    const place = this.likely(frames)
    if (!place) {
      return undefined
    }
    const { activity, track } = place.timed
    const operation = activity.add(name)
    operation.stack = { frames, span: place.span } satisfies CallPlace
    this.#places.set(operation, place)
    track.pause(startUs, this.nowUs())
    return operation
  }

  call<T>(operation: Operation, callback: () => T): T {
    const place = this.#places.get(operation)
    if (!place?.timed.track.live) {
      return callback()
    }
    place.timed.activity.resume(operation, place.span)
    return this.run(place, callback)
  }

  scheduled(operation: Operation, handle: unknown): void {
    this.#places.get(operation)?.timed.timers.set(handle, operation)
  }

  /** The application has cancelled a timer. */
  cancelled(handle: unknown): void {
    for (const { timers, activity } of this.#live.values()) {
      const operation = timers.get(handle)
      if (operation) {
        timers.delete(handle)
        activity.forget(operation)
      }
    }
  }

  settles(operation: Operation, promise: object): void {
    const { activity, track } = this.#places.get(operation)!.timed
    const resume = (): void => {
      if (track.live) {
        activity.resume(operation, this.#places.get(operation)!.span)
      }
    }
    activity.await(operation)
    // Promises of a native kind that are no promises to the language have a `then` of their own.
    if (!onSettled(promise, resume)) {
      ;(promise as PromiseLike<unknown>).then(resume, resume)
    }
  }

  #markedPlace(frames: TextFrame[]): Place<Owner> | undefined {
    for (const frame of frames) {
      const mark = markOf(frame)
      const timed = mark && this.#live.get(mark.recording)
      if (timed) {
        return { timed, span: mark.span }
      }
    }
    return undefined
  }

  #onlyPlace(): Place<Owner> | undefined {
    const [timed, ...others] = this.#live.values()
    return timed && others.length === 0 ? { timed, span: timed.activity.innermost() } : undefined
  }
}

/** Takes the stack now and reads it when it is asked for. */
export function lazyFrames(below: Hook): () => TextFrame[] {
  const holder = takeStack(below)
  let frames: TextFrame[] | undefined
  return () => (frames ??= readStack(holder))
}

/** Knows the store as far as the first `await`. */
class SynchronousStorage implements ContextStorage {
  #store: unknown

  getStore(): unknown {
    return this.#store
  }

  run<T>(store: unknown, work: () => T): T {
    const outer = this.#store
    this.#store = store
    try {
      return work()
    } finally {
      this.#store = outer
    }
  }
}
