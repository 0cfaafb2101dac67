import type { Capture, CapturedFrame } from '../adapter.ts'
import { markedFrames } from './bundled-profiler.ts'
import type { FunctionTable, InternedFrame } from './functions.ts'
import type { StackBuilder } from './stack-builder.ts'
import { REQUEST } from './stack-builder.ts'

/** The runtime's own code between the event loop and the first function that it calls. */
const LOOP_FILES = /^(node:internal\/|ext:core\/|ext:deno_node\/internal\/|$)/

/** Where Node calls async hooks: on the stack of a request only because it is recorded. */
const HOOK_FILES = /^node:internal\/(async|promise)_hooks$/

/**
 * Gives stacks their callers back. After an `await` the real stack begins at the resumed function; its callers
 * are those it had when it was suspended, which follow from the stack that created the operation it waited for
 * and, further up, from the run in which that happened. All stacks are cut at the function that started the request.
 */
export class LogicalStacks {
  readonly #capture: Capture
  readonly #functions: FunctionTable
  readonly #stacks: StackBuilder
  readonly #root: number
  readonly #places = new Map<number, number>()
  /** By the captured frames: what is created in a loop has the same. */
  readonly #frames = new Map<readonly CapturedFrame[], readonly InternedFrame[]>()
  readonly #sampled = new Map<string, number>()
  #createdIn: Map<number, number[]> | undefined

  constructor(capture: Capture, functions: FunctionTable, stacks: StackBuilder) {
    this.#capture = capture
    this.#functions = functions
    this.#stacks = stacks
    this.#root = capture.root ? functions.intern(capture.root) : -1
  }

  /** The stack on which an operation was created: for an `await`, down to the line that awaits. */
  placeOf(operation: number): number {
    // A loop of awaits is a chain as long as the loop, so it is walked instead of recursed into.
    const chain: number[] = []
    let at = operation
    while (at >= 0 && !this.#places.has(at) && !this.#startsAtRoot(at)) {
      chain.push(at)
      at = this.#creatorOf(at)
    }
    if (at >= 0 && !this.#places.has(at)) {
      this.#places.set(at, this.#extend(REQUEST, this.#creationFrames(at)))
    }
    for (const next of chain.reverse()) {
      const run = this.#capture.operations.createdIn(next)
      this.#places.set(next, this.#join(run, this.#creationFrames(next)))
    }
    return this.#places.get(operation) ?? REQUEST
  }

  /** The stack of a sample taken in a run; undefined when it shows none of the request's own functions. */
  sampledStack(run: number, sample: number): number | undefined {
    const key = `${this.#runKey(run)},${sample}`
    const known = this.#sampled.get(key)
    if (known !== undefined) {
      return known === UNKNOWN ? undefined : known
    }
    const frames = this.#sampledFrames(sample)
    const stack = frames.length > 0 ? this.#join(run, frames, true) : UNKNOWN
    this.#sampled.set(key, stack)
    return stack === UNKNOWN ? undefined : stack
  }

  /** The stack of a sample that is not the request's own, as the sampler saw it. */
  foreignStack(sample: number): number {
    return this.#extend(REQUEST, this.#sampledFrames(sample))
  }

  /** The stack at which a run begins: where the operation that started it was created. */
  resumedStack(run: number): number {
    const operation = this.#capture.segments.operationOf(run)
    return operation < 0 ? REQUEST : this.placeOf(operation)
  }

  /** The stack of what a segment runs as far as it is known without samples. */
  segmentStack(segment: number): number {
    const { segments } = this.#capture
    const frames = segments.frames?.(segment)
    return frames
      ? this.#extend(REQUEST, this.#cut(frames))
      : this.resumedStack(segments.run[segment]!)
  }

  /** Runs that begin at the same place give the same stacks. */
  #runKey(run: number): string {
    const operation = this.#capture.segments.operationOf(run)
    return operation < 0 ? 'none' : String(this.placeOf(operation))
  }

  #creatorOf(operation: number): number {
    const run = this.#capture.operations.createdIn(operation)
    const creator = run < 0 ? -1 : this.#capture.segments.operationOf(run)
    return creator < operation ? creator : -1
  }

  #startsAtRoot(operation: number): boolean {
    return operation === 0 || this.#creationFrames(operation)[0]?.fn === this.#root
  }

  #creationFrames(operation: number): readonly InternedFrame[] {
    const captured = this.#capture.operations.frames(operation)
    let frames = this.#frames.get(captured)
    if (!frames) {
      frames = this.#cut(withoutInnerInternals(captured))
      this.#frames.set(captured, frames)
    }
    return frames
  }

  #sampledFrames(sample: number): readonly InternedFrame[] {
    return this.#cut(this.#capture.samples.frames(sample))
  }

  /**
   * Interns frames from the root function on, or else from the first function that the event loop called,
   * without the profiler's own functions and what they call of the runtime. Native functions between others
   * are left out (`map`, `new Promise`): the sampler does not see them when they are inlined.
   */
  #cut(frames: readonly CapturedFrame[]): InternedFrame[] {
    const functions = frames.map((frame) => this.#functions.intern(frame.function))
    const root = functions.lastIndexOf(this.#root)
    const first =
      root >= 0 ? root : frames.findIndex((frame) => !LOOP_FILES.test(frame.function.url))
    if (first < 0) {
      return []
    }
    const hook = frames.findIndex((frame, i) => i > first && HOOK_FILES.test(frame.function.url))
    const end = hook < 0 ? frames.length : hook
    const isOwn = this.#ownFrames(functions)
    const cut: InternedFrame[] = []
    let isInside = false
    for (let i = first; i < end; i++) {
      const frame = frames[i]!
      isInside = isOwn[i]! || (isInside && isInternal(frame))
      const isNativeBetween = frame.function.url === '' && i < end - 1
      if (i === root || (!isInside && !isNativeBetween)) {
        const isSuspended = frame.isSuspended === true
        const inner = this.#functions.framesOf(frame, frames[i + 1]?.function)
        cut.push(...inner.map((each) => ({ ...each, isSuspended })))
      }
    }
    return cut
  }

  #ownFrames(functions: readonly number[]): boolean[] {
    const records = functions.map((fn) => this.#functions.records[fn]!)
    // Where files tell them, names would take frames of the application along that stand between two of ours.
    return records.some(({ origin }) => origin === 'profiler')
      ? records.map(({ origin }) => origin === 'profiler')
      : markedFrames(records.map(({ name }) => name))
  }

  /**
   * Puts frames that a run shows under the callers which the run's first function has.
   *
   * @param isSampled Whether it is no operation's own stack, so that those of operations may tell the callers.
   */
  #join(run: number, frames: readonly InternedFrame[], isSampled = false): number {
    const first = frames[0]
    if (first?.fn === this.#root) {
      return this.#extend(REQUEST, frames)
    }
    const resumed = run < 0 ? REQUEST : this.resumedStack(run)
    // A function that is on the path already goes on there: it was resumed, or a timer called it again.
    let same = first ? this.#stacks.nearest(resumed, first.fn) : REQUEST
    if (first && same === REQUEST) {
      if (first.isSuspended) {
        return this.#extend(this.#callerOfSuspended(run) ?? resumed, frames)
      }
      same = isSampled ? this.#thenCreating(run, first.fn) : REQUEST
    }
    return this.#extend(same === REQUEST ? resumed : this.#stacks.parentOf(same), frames)
  }

  /** Where a function was called that awaits a thenable: its caller is the first in the run to await. */
  #callerOfSuspended(run: number): number | undefined {
    const { operations } = this.#capture
    const caller = this.#createdBy(run).find(
      (operation) =>
        operations.awaits(operation) >= 0 && !this.#creationFrames(operation)[0]?.isSuspended
    )
    return caller === undefined ? undefined : this.placeOf(caller)
  }

  /** The `then` of an awaited thenable has no callers in samples; the stacks of what it created tell them. */
  #thenCreating(run: number, fn: number): number {
    if (this.#functions.records[fn]?.name !== 'then') {
      return REQUEST
    }
    for (const operation of this.#createdBy(run)) {
      const entry = this.#creationFrames(operation)[0]?.isSuspended
        ? this.#stacks.nearest(this.placeOf(operation), fn)
        : REQUEST
      if (entry !== REQUEST) {
        return entry
      }
    }
    return REQUEST
  }

  #createdBy(run: number): readonly number[] {
    this.#createdIn ??= operationsByRun(this.#capture)
    return this.#createdIn.get(run) ?? []
  }

  #extend(parent: number, frames: readonly InternedFrame[]): number {
    const first = frames[0]?.fn === this.#root ? 1 : 0
    let entry = parent
    for (let i = first; i < frames.length; i++) {
      entry = this.#stacks.push(entry, frames[i]!.fn, frames[i]!.line)
    }
    return entry
  }
}

const UNKNOWN = -2

function operationsByRun({ operations }: Capture): Map<number, number[]> {
  const byRun = new Map<number, number[]>()
  for (let operation = 1; operation < operations.count; operation++) {
    const run = operations.createdIn(operation)
    const created = byRun.get(run)
    if (created) {
      created.push(operation)
    } else {
      byRun.set(run, [operation])
    }
  }
  return byRun
}

/**
 * Of the runtime's own frames at the inner end, keeps the outermost: the API that was called, like `setTimeout`.
 * What made a promise (`then`, `Promise.all`) is no place of its own.
 */
function withoutInnerInternals(frames: readonly CapturedFrame[]): readonly CapturedFrame[] {
  let end = frames.length
  while (end > 0 && isInternal(frames[end - 1]!)) {
    end--
  }
  const api = frames.findIndex((frame, i) => i >= end && frame.function.url !== '')
  return api < 0 ? frames.slice(0, end) : frames.slice(0, api + 1)
}

function isInternal({ function: { url } }: CapturedFrame): boolean {
  return url === '' || url.startsWith('node:') || url.startsWith('ext:')
}
