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

/** An error's message; for anything else that was thrown, its text. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message
  }
  return typeof error === 'string' ? error : JSON.stringify(error)
}

/** Makes a function that prints each message only once. */
export function oncePerMessage(print: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (!told.has(message)) {
      told.add(message)
      print(message)
    }
  }
}
