/** Reading a body: what of it is there at once, or all of it. */

export type Chunk = ReadableStreamReadResult<Uint8Array>
/** Told of each chunk as it is there. */
export type Seen = (chunk: Chunk) => void
export type Reader = ReadableStreamDefaultReader<Uint8Array>

/** A body that is there is read within a few microtasks (about five on Node). */
const MICROTASKS_TO_WAIT = 64

/** Bytes of a body that are kept while the report takes its place, to be served if there is no report. */
const MOST_KEPT_BYTES = 8 * 2 ** 20

/** @param untilMs On the clock of `performance`. */
export async function endsBy(ended: Promise<void>, untilMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, untilMs - performance.now()), false)
  })
  try {
    return await Promise.race([ended.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

type ReadAll = (reader: Reader, kept: Uint8Array[], untilMs: number, seen: Seen) => Promise<void>

// Such a name tells the profiler's own function where no file does: see `markedFrames`.
const { honoProfilerBody }: { honoProfilerBody: ReadAll } = {
  honoProfilerBody: async (reader, kept, untilMs, seen) => {
    let bytes = 0
    try {
      let chunk = await reader.read()
      for (; !chunk.done && performance.now() < untilMs; chunk = await reader.read()) {
        seen(chunk)
        bytes += chunk.value.byteLength
        if (bytes <= MOST_KEPT_BYTES) {
          kept.push(chunk.value)
        }
      }
    } catch {
      return
    }
  },
}

/**
 * Reads a body to its end, and keeps what it can. A body that fails is the application's affair, and ends as well.
 *
 * @param untilMs When to stop, on the clock of `performance`: a body that is always there lets no timer through.
 */
export const readAll: ReadAll = honoProfilerBody

/** Reads the first parts of a body, which are all of it when it does not stream. */
export async function readWhatIsThere(
  reader: Reader,
  seen: Seen
): Promise<{ parts: (Chunk | Promise<Chunk>)[]; isComplete: boolean }> {
  const parts: (Chunk | Promise<Chunk>)[] = []
  // A body that does not stream is one chunk and the end.
  while (parts.length < 2) {
    const pending = reader.read()
    const chunk = await soon(pending)
    parts.push(chunk ?? pending)
    if (chunk) {
      seen(chunk)
    }
    if (!chunk || chunk.done) {
      return { parts, isComplete: chunk?.done === true }
    }
  }
  return { parts, isComplete: false }
}

/** The value of a promise that is fulfilled within the current turn of the event loop, or the next. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  const settled: T[] = []
  const keep = (value: T): void => {
    settled.push(value)
  }
  const kept = promise.then(keep, () => undefined)
  for (let i = 0; i < MICROTASKS_TO_WAIT && settled.length === 0; i++) {
    await Promise.resolve()
  }
  if (settled.length === 0) {
    // workerd reads every body by an event of its own.
    await endsBy(kept, 0)
  }
  return settled[0]
}
