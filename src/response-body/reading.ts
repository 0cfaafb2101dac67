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

/** A body that does not stream is one chunk and the end. */
const PARTS = 2

/** Bun gives the first 16 KB of a text, then 2 MB each: this is one of 6 MB, and not much of a body that streams. */
const PARTS_OF_TEXT = 5

/**
 * Reads the first parts of a body, which are all of it when it does not stream.
 *
 * @param isText Whether it may be a text of Bun.
 */
export async function readWhatIsThere(
  reader: Reader,
  seen: Seen,
  isText: boolean
): Promise<{ parts: (Chunk | Promise<Chunk>)[]; isComplete: boolean }> {
  const parts: (Chunk | Promise<Chunk>)[] = []
  while (parts.length < (isText ? PARTS_OF_TEXT : PARTS)) {
    const pending = reader.read()
    const chunk = await (parts.length < PARTS ? soon(pending) : atOnce(pending))
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
  const value = await atOnce(promise)
  if (value !== undefined) {
    return value
  }
  // workerd reads every body by an event of its own.
  const settled: T[] = []
  await endsBy(keepIn(settled, promise), 0)
  return settled[0]
}

/** The value of a promise that is fulfilled within the current turn of the event loop. */
async function atOnce<T>(promise: Promise<T>): Promise<T | undefined> {
  const settled: T[] = []
  void keepIn(settled, promise)
  for (let i = 0; i < MICROTASKS_TO_WAIT && settled.length === 0; i++) {
    await Promise.resolve()
  }
  return settled[0]
}

function keepIn<T>(values: T[], promise: Promise<T>): Promise<void> {
  return promise.then(
    (value) => {
      values.push(value)
    },
    () => undefined
  )
}
