/** A clock that moves only when it is told to, and waits on it. */
export interface VirtualTime {
  nowUs: () => number
  /** Lets the code that calls take its time. */
  pass: (ms: number) => void
  /** Settles when the time has come, unless code takes longer. */
  wait: (ms: number) => Promise<void>
}

export function virtualTime(): VirtualTime {
  let nowMs = 0
  const waiting: { dueMs: number; resolve: () => void }[] = []
  // One at a time, so that what each resumes has run before the next.
  const next = (): void => {
    waiting.sort((a, b) => a.dueMs - b.dueMs)
    const { dueMs, resolve } = waiting.shift()!
    nowMs = Math.max(nowMs, dueMs)
    resolve()
  }
  return {
    nowUs: () => nowMs * 1000,
    pass(ms) {
      nowMs += ms
    },
    wait: (ms) =>
      new Promise((resolve) => {
        waiting.push({ dueMs: nowMs + ms, resolve })
        setImmediate(next)
      }),
  }
}
