import type { Capture, CapturedOperations, CapturedSegments } from '../adapter.ts'
import type { Causality } from './causality.ts'

/** An `await` that a timeout left behind. */
export interface LostAwait {
  operation: number
  createdUs: number
  /** When the request went on without it. */
  leftUs: number
}

/** Races are won by timers that take longer than that. */
const SHORTEST_TIMEOUT_US = 1000

/** When something was left behind, by the run that it was started in. */
type LeftUsByRun = ReadonlyMap<number, number>

/**
 * What had not ended when a race went to a timer: the awaits of what was started where the promise that lost was made,
 * and of what came of it.
 */
export function lostAwaits(capture: Capture, causality: Causality): LostAwait[] {
  const started = startsOfLosers(capture, wonByTimers(capture, causality))
  return started.size === 0 ? [] : pendingBelow(capture, started)
}

/** When timers won races, by the run that the race was started in. */
function wonByTimers({ operations, segments }: Capture, causality: Causality): LeftUsByRun {
  const won = new Map<number, number>()
  segments.run.forEach((run, i) => {
    const winner = segments.operationOf(run)
    const wonUs = segments.startUs[i]!
    if (
      winner > 0 &&
      causality.isRelevant(run) &&
      operations.awaits(winner) >= 0 &&
      wonUs - operations.createdUs(winner) >= SHORTEST_TIMEOUT_US &&
      operations.kind(winner) === 'race' &&
      isSettledByTimer(operations, segments, winner)
    ) {
      const startedIn = operations.createdIn(winner)
      won.set(startedIn, won.get(startedIn) ?? wonUs)
    }
  })
  return won
}

/** Whether a timer's run has settled what a reaction waits for, at once or through other reactions. */
function isSettledByTimer(
  operations: CapturedOperations,
  segments: CapturedSegments,
  reaction: number
): boolean {
  let operation = reaction
  while (operation > 0 && operations.awaits(operation) >= 0) {
    const settledIn = operations.settledIn(operations.awaits(operation))
    operation = settledIn < 0 ? -1 : segments.operationOf(settledIn)
  }
  return operation > 0 && !Number.isNaN(operations.dueUs(operation))
}

/** The runs in which the promises were made that lost. */
function startsOfLosers({ operations }: Capture, won: LeftUsByRun): LeftUsByRun {
  const started = new Map<number, number>()
  if (won.size === 0) {
    return started
  }
  for (let member = 1; member < operations.count; member++) {
    const leftUs = won.get(operations.createdIn(member))
    const awaited = operations.awaits(member)
    if (leftUs === undefined || awaited < 0 || operations.kind(member) !== 'race') {
      continue
    }
    if (!(operations.settledUs(awaited) <= leftUs)) {
      started.set(operations.createdIn(awaited), leftUs)
    }
  }
  return started
}

/** The awaits that were created in these runs or because of them, and that nothing has resumed in time. */
function pendingBelow(capture: Capture, started: LeftUsByRun): LostAwait[] {
  const { operations } = capture
  const resumedUs = resumptions(capture)
  const leftUsOf = leftBecauseOf(capture, started)
  const found: LostAwait[] = []
  for (let operation = 1; operation < operations.count; operation++) {
    const isResumed = (resumedUs.get(operation) ?? Infinity) <= capture.endUs
    if (operations.awaits(operation) < 0 || isResumed) {
      continue
    }
    const createdUs = operations.createdUs(operation)
    const leftUs = leftUsOf[operation] ?? -Infinity
    if (createdUs < leftUs && operations.kind(operation) === 'await') {
      found.push({ operation, createdUs, leftUs })
    }
  }
  return found
}

/** When each operation was resumed first. */
function resumptions({ segments }: Capture): ReadonlyMap<number, number> {
  const resumedUs = new Map<number, number>()
  segments.run.forEach((run, i) => {
    const operation = segments.operationOf(run)
    if (!resumedUs.has(operation)) {
      resumedUs.set(operation, segments.startUs[i]!)
    }
  })
  return resumedUs
}

/** For each operation, when the request went on without that from which it comes; undefined where it comes from elsewhere. */
function leftBecauseOf(
  { operations, segments }: Capture,
  started: LeftUsByRun
): readonly (number | undefined)[] {
  const leftUs: (number | undefined)[] = [undefined]
  for (let operation = 1; operation < operations.count; operation++) {
    const run = operations.createdIn(operation)
    // What an operation comes from was created before it.
    leftUs.push(started.get(run) ?? leftUs[segments.operationOf(run)])
  }
  return leftUs
}
