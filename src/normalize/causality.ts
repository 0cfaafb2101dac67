import type { Capture, CapturedOperations, CapturedSegments } from '../adapter.ts'

/**
 * What the request really waited for. Seen from its last run backwards: a run happened because its operation
 * was created in an earlier run, and because what the operation awaits was settled in another.
 */
export interface Causality {
  /** Whether the end of the request depends on a run. Timers left behind and losers of a race do not count. */
  isRelevant(run: number): boolean
  /** The await that a run's work settled in the end; -1 when it is none, or the run was resumed by its own. */
  waiterOf(run: number): number
  /** Whether an operation lies on the chain of last arrivals: shortening it shortens the request. */
  isCritical(operation: number): boolean
}

/** Between two microtasks, in microseconds. */
const LONGEST_TURN_US = 50

/** Follows the causes of the request's end through the capture. */
export function findCauses(capture: Capture): Causality {
  const last = lastRun(capture)
  const callers = findDirectCauses(capture)
  const relevant = findRelevantRuns(capture, last, callers)
  const critical = findCriticalOperations(capture, last, callers)
  return {
    isRelevant: (run) => relevant.has(run),
    waiterOf: (run) => relevant.get(run) ?? -1,
    isCritical: (operation) => critical.has(operation),
  }
}

/** The run in which the request ended. */
function lastRun({ segments, endUs }: Capture): number {
  let last = segments.run.length - 1
  while (last > 0 && segments.startUs[last]! > endUs) {
    last--
  }
  return segments.run[last] ?? -1
}

/**
 * The run on which another one follows directly, though it did not create it: a resource like a stream's end
 * is entered within the run that emits, and a promise that follows another without `then` (a thenable, `for
 * await` over promises) is settled in the microtask after it.
 */
function findDirectCauses({ operations, segments }: Capture): Map<number, number> {
  const causes = new Map<number, number>()
  const seen = new Set<number>()
  segments.run.forEach((run, i) => {
    const operation = segments.operationOf(run)
    const isFirst = !seen.has(run)
    seen.add(run)
    if (!isFirst || i === 0 || operation < 0 || operations.kind(operation) !== 'callback') {
      return
    }
    const gapUs = segments.startUs[i]! - segments.endUs[i - 1]!
    if (gapUs === 0 || (operations.name(operation) === '' && gapUs < LONGEST_TURN_US)) {
      causes.set(run, segments.run[i - 1]!)
    }
  })
  return causes
}

/** Every run on which the request's end depends, with the await that it served. */
function findRelevantRuns(
  { operations, segments }: Capture,
  last: number,
  directCauses: Map<number, number>
): Map<number, number> {
  const runOf = runsByOperation(segments)
  const waiters = new Map<number, number>()
  const pending: { run: number; waiter: number }[] = []
  const need = (run: number, waiter: number): void => {
    if (run >= 0 && !waiters.has(run)) {
      waiters.set(run, waiter)
      pending.push({ run, waiter })
    }
  }
  need(last, -1)
  for (let next = pending.pop(); next; next = pending.pop()) {
    const operation = segments.operationOf(next.run)
    if (operation < 0) {
      continue
    }
    const awaited = operations.awaits(operation)
    if (awaited >= 0) {
      const settledIn = operations.settledIn(awaited)
      const settler = settledIn < 0 ? -1 : segments.operationOf(settledIn)
      need(settledIn, operation)
      for (const member of otherMembers(operations, segments, settler, awaited)) {
        // What it awaits may have been settled from outside: then nothing but its own run tells when.
        need(runOf.get(member) ?? -1, member)
      }
    }
    const isCallback = operations.kind(operation) === 'callback'
    need(directCauses.get(next.run) ?? -1, next.waiter)
    need(operations.createdIn(operation), isCallback ? next.waiter : -1)
  }
  return waiters
}

function runsByOperation(segments: CapturedSegments): ReadonlyMap<number, number> {
  return new Map(segments.run.map((run) => [segments.operationOf(run), run]))
}

/**
 * When the last member of `Promise.all` settled the awaited promise, the awaited promise needed all the others.
 * When it was not the last, it rejected, and the awaited promise needed no other.
 */
function otherMembers(
  operations: CapturedOperations,
  segments: CapturedSegments,
  settler: number,
  awaited: number
): number[] {
  if (settler < 0 || operations.kind(settler) !== 'all') {
    return []
  }
  const others = [-1, 1].flatMap((step) => siblings(operations, segments, settler, step))
  const endUs = operations.settledUs(awaited)
  const isInTime = (member: number): boolean =>
    operations.settledUs(operations.awaits(member)) <= endUs
  return others.every(isInTime) ? others : []
}

/** Members of one `Promise.all` are created one after another in one run, after the promise that it gives. */
function siblings(
  operations: CapturedOperations,
  segments: CapturedSegments,
  member: number,
  step: number
): number[] {
  const found: number[] = []
  const createdIn = operations.createdIn(member)
  const isAggregate = (operation: number): boolean => {
    const settledIn = operations.settledIn(operation)
    // A plain value among the members is a promise as well, but settled at once.
    return settledIn < 0 || operations.kind(segments.operationOf(settledIn)) === 'all'
  }
  for (let at = member + step; at > 0 && at < operations.count; at += step) {
    const isReaction = operations.awaits(at) >= 0
    const isOther = isReaction ? operations.kind(at) !== 'all' : isAggregate(at)
    if (isOther || operations.createdIn(at) !== createdIn) {
      break
    }
    if (isReaction) {
      found.push(at)
    }
  }
  return found
}

/** The chain from the end to the start that takes at each operation the cause that came last. */
function findCriticalOperations(
  { operations, segments }: Capture,
  last: number,
  directCauses: Map<number, number>
): Set<number> {
  const critical = new Set<number>()
  let run = last
  while (run >= 0) {
    const operation = segments.operationOf(run)
    if (operation < 0 || critical.has(operation)) {
      break
    }
    critical.add(operation)
    const awaited = operations.awaits(operation)
    const isLater = awaited >= 0 && operations.settledUs(awaited) > operations.createdUs(operation)
    const settledIn = isLater ? operations.settledIn(awaited) : -1
    run = settledIn >= 0 ? settledIn : (directCauses.get(run) ?? operations.createdIn(operation))
  }
  return critical
}
