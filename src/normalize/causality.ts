import type { Capture } from '../adapter.ts'

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

/** Follows the causes of the request's end through the capture. */
export function findCauses(capture: Capture): Causality {
  const relevant = findRelevantRuns(capture)
  const critical = findCriticalOperations(capture)
  return {
    isRelevant: (run) => relevant.has(run),
    waiterOf: (run) => relevant.get(run) ?? -1,
    isCritical: (operation) => critical.has(operation),
  }
}

/** Every run on which the request's end depends, with the await that it served. */
function findRelevantRuns({ operations, segments }: Capture): Map<number, number> {
  const waiters = new Map<number, number>()
  const pending: { run: number; waiter: number }[] = []
  const need = (run: number, waiter: number): void => {
    if (run >= 0 && !waiters.has(run)) {
      waiters.set(run, waiter)
      pending.push({ run, waiter })
    }
  }
  need(segments.run[segments.run.length - 1] ?? -1, -1)
  for (let next = pending.pop(); next; next = pending.pop()) {
    const operation = segments.operationOf(next.run)
    if (operation < 0) {
      continue
    }
    const isCallback = operations.kind(operation) === 'callback'
    const awaited = operations.awaits(operation)
    if (awaited >= 0) {
      const settledIn = operations.settledIn(awaited)
      need(settledIn, operation)
      for (const member of membersSettledBy(settledIn)) {
        need(operations.settledIn(operations.awaits(member)), member)
      }
    }
    need(operations.createdIn(operation), isCallback ? next.waiter : -1)
  }
  return waiters

  /** When the last member of `Promise.all` settled the awaited promise, the awaited promise needed all members. */
  function membersSettledBy(run: number): number[] {
    const last = run < 0 ? -1 : segments.operationOf(run)
    if (last < 0 || operations.kind(last) !== 'all') {
      return []
    }
    return [...siblings(last, -1), ...siblings(last, 1)]
  }

  /** Members of one `Promise.all` are created one after another in one run. */
  function siblings(member: number, step: 1 | -1): number[] {
    const found: number[] = []
    const createdIn = operations.createdIn(member)
    for (let at = member + step; at > 0 && at < operations.count; at += step) {
      if (operations.createdIn(at) !== createdIn) {
        break
      }
      if (operations.awaits(at) < 0) {
        continue
      }
      if (operations.kind(at) !== 'all') {
        break
      }
      found.push(at)
    }
    return found
  }
}

/** The chain from the end to the start that takes at each operation the cause that came last. */
function findCriticalOperations({ operations, segments }: Capture): Set<number> {
  const critical = new Set<number>()
  let run = segments.run[segments.run.length - 1] ?? -1
  while (run >= 0) {
    const operation = segments.operationOf(run)
    if (operation < 0 || critical.has(operation)) {
      break
    }
    critical.add(operation)
    const awaited = operations.awaits(operation)
    const isLater = awaited >= 0 && operations.settledUs(awaited) > operations.createdUs(operation)
    const settledIn = isLater ? operations.settledIn(awaited) : -1
    run = settledIn >= 0 ? settledIn : operations.createdIn(operation)
  }
  return critical
}
