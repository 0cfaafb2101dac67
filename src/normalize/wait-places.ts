import type { Capture, Delivery, OperationKind } from '../adapter.ts'
import type { WaitRecord } from '../session/records.ts'
import type { Causality } from './causality.ts'
import type { FunctionTable } from './functions.ts'
import type { LogicalStacks } from './logical-stacks.ts'
import { lostAwaits } from './lost-races.ts'
import type { StackBuilder } from './stack-builder.ts'
import { REQUEST } from './stack-builder.ts'
import type { Timeline } from './timeline.ts'

/** Waits shorter than this are not worth a row in a waterfall; their time is in the samples all the same. */
const SHORTEST_RECORD_US = 100

/** What no line awaits. */
const UNAWAITED: ReadonlySet<OperationKind> = new Set<OperationKind>(['adopt', 'callback'])

/** Members of `Promise.all` and the like. */
const COMBINED: ReadonlySet<OperationKind> = new Set<OperationKind>(['all', 'race', 'any'])

/** The timer that ends a gap; NaN where none does. */
interface Timer {
  /** When it was set, where the request waits for it. */
  sinceUs: number
  dueUs: number
}

const NO_TIMER: Timer = { sinceUs: NaN, dueUs: NaN }

/** A gap between runs. */
interface Gap extends Timer {
  /** The line that waits. */
  stack: number
  /** The work of others that brought what the gap waited for. */
  delivery: Delivery | undefined
}

/** Finds the line that waits, for gaps between runs and for awaited operations. */
export class WaitPlaces {
  readonly #capture: Capture
  readonly #stacks: LogicalStacks
  readonly #builder: StackBuilder
  readonly #functions: FunctionTable
  readonly #causality: Causality
  /** For each segment the first segment from it on whose run matters to the request's end. */
  readonly #nextRelevant: Int32Array
  /** When the timer of a run was set, where not when it was created. */
  readonly #setAgain: Map<number, number>

  constructor(
    capture: Capture,
    stacks: LogicalStacks,
    builder: StackBuilder,
    functions: FunctionTable,
    causality: Causality
  ) {
    this.#capture = capture
    this.#stacks = stacks
    this.#builder = builder
    this.#functions = functions
    this.#causality = causality
    this.#nextRelevant = nextRelevantSegments(capture, causality)
    this.#setAgain = timersSetAgain(capture)
  }

  /**
   * Where the request waited in the gap before a segment: the operation that ended it. When that one does not
   * matter to the request, like the timer of a race that is lost already, it is the next that does.
   */
  ofGap(segment: number): Gap {
    const { segments, operations } = this.#capture
    const run = segments.run[segment]
    const ending = run === undefined ? -1 : segments.operationOf(run)
    return {
      stack: this.#stackOfGap(segment),
      delivery: ending < 0 ? undefined : operations.delivery?.(ending),
      ...this.#timerOf(run, ending),
    }
  }

  #timerOf(run: number | undefined, ending: number): Timer {
    const { operations } = this.#capture
    if (run === undefined || ending < 0) {
      return NO_TIMER
    }
    const createdUs = operations.createdUs(ending)
    const delayUs = operations.dueUs(ending) - createdUs
    const setUs = this.#setAgain.get(run) ?? createdUs
    const sinceUs = this.#causality.isRelevant(run) ? setUs : NaN
    return Number.isNaN(delayUs) ? NO_TIMER : { sinceUs, dueUs: setUs + delayUs }
  }

  #stackOfGap(segment: number): number {
    const { segments, isCut } = this.#capture
    if (isCut && segment === segments.run.length) {
      return this.#pendingStack()
    }
    const ending = this.#nextRelevant[segment] ?? segment
    const run = segments.run[Math.min(ending, segments.run.length - 1)]
    const operation = run === undefined ? -1 : segments.operationOf(run)
    if (run === undefined || operation < 0) {
      return REQUEST
    }
    const stack = this.#waitingStack(operation, this.#causality.waiterOf(run))
    // Where only the profiler itself waits, for a body that it follows, what comes next says more.
    return stack === REQUEST && ending !== segment
      ? this.#stacks.resumedStack(segments.run[segment]!)
      : stack
  }

  /** Where a request that has not ended waits: the await that came last of those that nothing has resumed. */
  #pendingStack(): number {
    const { segments, operations } = this.#capture
    const resumed = new Set(segments.run.map((run) => segments.operationOf(run)))
    for (let operation = operations.count - 1; operation > 0; operation--) {
      if (operations.kind(operation) === 'await' && !resumed.has(operation)) {
        return this.#stacks.placeOf(operation)
      }
    }
    return REQUEST
  }

  /** The stack that the request was last seen on. */
  lastStack({ samples }: Timeline): number {
    return samples.stack.at(-1) ?? REQUEST
  }

  /** The awaited operations, in the order in which they went on; then those that a timeout left behind. */
  records(timeline: Timeline): WaitRecord[] {
    const { segments, operations, endUs } = this.#capture
    const records: WaitRecord[] = []
    const seen = new Set<number>()
    const causes = this.#causesByWaiter()
    for (let i = 0; i < segments.run.length; i++) {
      const operation = segments.operationOf(segments.run[i]!)
      const resumedUs = Math.min(segments.startUs[i]!, endUs)
      const isShort = resumedUs - operations.createdUs(operation) < SHORTEST_RECORD_US
      if (operation > 0 && !seen.has(operation) && !isShort) {
        seen.add(operation)
        const cause = causes.get(operation)
        records.push(...this.#recordsOf(operation, cause, resumedUs, timeline))
      }
    }
    return [...records, ...this.#unfinishedRecords(timeline)]
  }

  #unfinishedRecords(timeline: Timeline): WaitRecord[] {
    return lostAwaits(this.#capture, this.#causality)
      .filter((lost) => lost.leftUs - lost.createdUs >= SHORTEST_RECORD_US)
      .flatMap(({ operation, leftUs }) => this.#recordsOf(operation, undefined, leftUs, timeline))
      .filter(({ stack }) => stack !== REQUEST)
      .map((record) => ({ ...record, unfinished: true }))
  }

  /** The row of an operation in a waterfall; none when no line of the request waits for it. */
  #recordsOf(
    operation: number,
    cause: number | undefined,
    resumedUs: number,
    timeline: Timeline
  ): WaitRecord[] {
    const { operations } = this.#capture
    const awaited = operations.awaits(operation)
    const awaitedUs = operations.createdUs(operation)
    // What was over already is not waited for; on a busy machine going on takes as long as a wait.
    const isOver = awaited >= 0 && operations.settledUs(awaited) < awaitedUs
    const stack = this.#waitingStack(cause ?? operation, operation)
    // The profiler awaits the request itself.
    const isOwn = stack === REQUEST && operations.frames(operation).length > 0
    if (UNAWAITED.has(operations.kind(operation)) || isOver || isOwn) {
      return []
    }
    const begunUs = awaited >= 0 ? operations.createdUs(awaited) : awaitedUs
    const awaiting = this.#stacks.placeOf(operation)
    return [
      {
        name: this.#nameOf(operation, cause, stack),
        stack,
        ...(awaiting === stack ? {} : { awaiting }),
        startUs: timeline.toSessionUs(Math.min(begunUs, awaitedUs)),
        awaitedUs: timeline.toSessionUs(awaitedUs),
        endUs: timeline.toSessionUs(resumedUs),
        critical: this.#causality.isCritical(operation),
      },
    ]
  }

  /** The callback operation whose run settled what an await awaits. */
  #causesByWaiter(): Map<number, number> {
    const { segments, operations } = this.#capture
    const causes = new Map<number, number>()
    for (const run of segments.run) {
      const waiter = this.#causality.waiterOf(run)
      const operation = segments.operationOf(run)
      if (waiter >= 0 && operation > 0 && operations.kind(operation) === 'callback') {
        causes.set(waiter, operation)
      }
    }
    return causes
  }

  /**
   * The stack of the line that awaits. A callback was created further in (`setTimeout` below the function
   * that awaits it), which says more, as long as that stack leads through the awaiting function.
   */
  #waitingStack(operation: number, waiter: number): number {
    const created = this.#stacks.placeOf(operation)
    if (waiter < 0 || waiter === operation) {
      return created
    }
    const awaiting = this.#stacks.placeOf(waiter)
    const outer = this.#builder.pathTo(awaiting)
    const inner = this.#builder.pathTo(created)
    const leadsThrough =
      inner.length >= outer.length &&
      outer.every(
        (entry, i) => this.#builder.functionOf(entry) === this.#builder.functionOf(inner[i]!)
      )
    if (!leadsThrough) {
      return awaiting
    }
    return inner
      .slice(outer.length)
      .reduce(
        (parent, entry) =>
          this.#builder.push(
            parent,
            this.#builder.functionOf(entry),
            this.#builder.table.line[entry]!
          ),
        awaiting
      )
  }

  /** What was awaited: the function of the runtime or a library that was called, else the kind of await. */
  #nameOf(operation: number, cause: number | undefined, stack: number): string {
    const { operations } = this.#capture
    const fn =
      stack === REQUEST ? undefined : this.#functions.records[this.#builder.functionOf(stack)]
    if (fn && fn.origin !== 'app') {
      return fn.name
    }
    const kind = operations.kind(operation)
    if (COMBINED.has(kind)) {
      return `Promise.${kind}`
    }
    return cause === undefined ? 'await' : operations.name(cause)
  }
}

function nextRelevantSegments(capture: Capture, causality: Causality): Int32Array {
  const { run } = capture.segments
  const next = new Int32Array(run.length)
  let relevant = -1
  for (let i = run.length - 1; i >= 0; i--) {
    if (causality.isRelevant(run[i]!)) {
      relevant = i
    }
    next[i] = relevant < 0 ? i : relevant
  }
  return next
}

/** An interval sets its timer anew in each of its runs: when, by the run that follows. */
function timersSetAgain({ segments, operations }: Capture): Map<number, number> {
  const setUs = new Map<number, number>()
  const last = new Map<number, { run: number; startUs: number }>()
  segments.run.forEach((run, i) => {
    const operation = segments.operationOf(run)
    if (operation < 0 || Number.isNaN(operations.dueUs(operation))) {
      return
    }
    const before = last.get(operation)
    if (before && before.run !== run) {
      setUs.set(run, before.startUs)
    }
    if (before?.run !== run) {
      last.set(operation, { run, startUs: segments.startUs[i]! })
    }
  })
  return setUs
}
