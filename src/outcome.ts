/** How some work ended: with a value, or with what it threw. */
export type Outcome<T> = { value: T } | { error: unknown }

/** Runs `work` to its end, whichever that is. */
export async function settle<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

/** The value of an outcome; what was thrown is thrown again. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) {
    throw outcome.error
  }
  return outcome.value
}

/** An error's message; for anything else that was thrown, its text. Never throws. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message
  }
  try {
    const isPlain = typeof error === 'object' && error !== null
    return (isPlain ? JSON.stringify(error) : undefined) ?? String(error)
  } catch {
    return `a value of type ${typeof error}`
  }
}

/** Different messages that are printed; a server that fails in ever new ways has said enough then. */
const MOST_MESSAGES = 100

/** Makes a function that prints each message only once. */
export function oncePerMessage(print: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (!told.has(message) && told.size < MOST_MESSAGES) {
      told.add(message)
      print(message)
    }
  }
}
