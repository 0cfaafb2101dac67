import type { Restore } from '../patch.ts'
import type { Operation } from '../track.ts'

/** A function of the profiler on the stack of the application. */
export type Hook = (this: never, ...args: never[]) => unknown

/** What differs between runtimes while a request is tracked. */
export interface TrackerPort {
  /** The clock in microseconds, of any epoch; bound early, so that fake timers of an application do not reach it. */
  nowUs: () => number
  /** An `AsyncLocalStorage` for the tracker alone. */
  storage: ContextStorage
  /**
   * Takes the current stack, to be read later (`ReadStack`).
   *
   * @param hook The function of the profiler that is on top of the stack: it and what it called are left out.
   * @param awaited The promise that is about to be awaited, if any.
   */
  captureStack(hook: Hook, awaited?: object): unknown
  /**
   * Calls `work` as soon as the queue of microtasks is empty; called from a microtask of the request. `process.nextTick`
   * does so on Deno, `setImmediate` on workerd. Without it, what a run left in the queue is followed for a few
   * microtasks only.
   */
  afterDrain?: (work: () => void) => void
  /** Whether `afterDrain` comes late when the thread has other things to do than the program's. */
  isDrainLate?: boolean
  /**
   * Whether the engine takes up a promise that another one was resolved with outside of the asynchronous context,
   * as JavaScriptCore does: then that belongs to the run which put it in the queue.
   */
  losesContext?: boolean
  /** Wraps timers and other APIs while something is recorded; called with the tracker, gives what undoes it. */
  wrapApis?: (tracker: ApiTracker) => Restore
}

/** The part of `AsyncLocalStorage` that the tracker needs. */
export interface ContextStorage {
  run<T>(store: unknown, work: () => T): T
  getStore(): unknown
}

/** What wrapped APIs tell the tracker. All of it is harmless when nothing is recorded. */
export interface ApiTracker {
  /**
   * Notes that the code which runs now calls an API that goes on outside and comes back later.
   *
   * @param name What a reader calls it, like `setTimeout` or `fetch`.
   * @param wrapper The wrapping function, as it stands on the stack: the stack begins at its caller.
   * @returns undefined when the code belongs to no recording.
   */
  note(name: string, wrapper: Hook): Operation | undefined
  /** Calls a callback of the operation: exactly one run of the request. */
  call<T>(operation: Operation, callback: () => T): T
  /** Tells what a timer function returned for the operation, by which the application can cancel it. */
  scheduled?(operation: Operation, handle: unknown): void
  /**
   * Notes that the microtask which is put in the queue next goes on with what the code that runs now began.
   *
   * @param wrapper As for `note`.
   */
  defer?(name: string, wrapper: Hook): void
  /** Names the operation that settles a promise: who awaits the promise, waited for the operation. */
  settles(operation: Operation, promise: object): void
}
