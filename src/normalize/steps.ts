/** Work of the profiler that can be left wherever it yields, and gone on with later. */
export type Steps<T> = Generator<undefined, T, undefined>

/** What work in turns needs of its surroundings. */
export interface Turns {
  /** Runs synchronous work of the profiler itself. */
  uncounted: <T>(work: () => T) => T
  /** Lets the event loop go on for a moment. */
  breathe: (() => Promise<void>) | undefined
}

/** After so many milliseconds of the profiler's own work the event loop goes on. */
const TURN_MS = 5

/** Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)

/** Does it in turns, between which the event loop goes on. */
export async function inTurns<T>(steps: Steps<T>, { uncounted, breathe }: Turns): Promise<T> {
  for (;;) {
    const { done, value } = uncounted(() => goOn(steps, now() + TURN_MS))
    if (done) {
      return value
    }
    await breathe?.()
  }
}

function goOn<T>(steps: Steps<T>, untilMs: number): IteratorResult<undefined, T> {
  let step = steps.next()
  while (!step.done && now() < untilMs) {
    step = steps.next()
  }
  return step
}
