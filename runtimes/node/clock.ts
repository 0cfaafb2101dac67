/** Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)

/** Reads the clock in microseconds. */
export const nowUs = (): number => now() * 1000
