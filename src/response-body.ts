import type { Context } from 'hono'
import type { Adapter } from './adapter.ts'
import { messageOf } from './outcome.ts'
import type { RecordingLimit } from './recording-limit.ts'
import { cutNote } from './recording-limit.ts'
import { isUpgrade } from './response-header.ts'

/** Keeps a recording going until the body of the response has ended. */
export interface BodyWatch<T> {
  /** Waits for the end of the body of `c.res`; `value` is what the handler gave. Never rejects. */
  untilEnd(value: T): Promise<void>
  /** Gives that value back as soon as the response can go out although its body goes on. */
  streams: Promise<T>
  /** Leaves the body alone from now on: the report stands in its place already. */
  leave(): void
  /** What the reader of the report should know. */
  notes: string[]
}

/** What is watched, and how. */
export interface WatchOptions {
  /** Whether the client reads the body; otherwise it is read here, as the report takes its place. */
  isServed: boolean
  /** When to stop, since some bodies never end. */
  limit: RecordingLimit
  /** Told when the first bytes are there. */
  onFirstByte: () => void
  /** Runs what is not the request's own work (3 ms when its code is cold). */
  uncounted: Adapter['uncounted']
}

type Chunk = ReadableStreamReadResult<Uint8Array>
/** Told of each chunk as it is there. */
type Seen = (chunk: Chunk) => void
type Reader = ReadableStreamDefaultReader<Uint8Array>

/** A body that is there is read within a few microtasks (about five on Node). */
const MICROTASKS_TO_WAIT = 64

/** Bytes of a body that are kept while the report takes its place, to be served if there is no report. */
const MOST_KEPT_BYTES = 8 * 2 ** 20

/** Watches the body of a response. */
export function watchBody<T>(
  c: Context,
  { isServed, limit, onFirstByte, uncounted }: WatchOptions
): BodyWatch<T> {
  const notes: string[] = []
  let reading: Reader | undefined
  let isLeft = false
  let hasBegun = false
  let resolve: (value: T) => void
  const streams = new Promise<T>((whenStreaming) => {
    resolve = whenStreaming
  })

  const seen: Seen = ({ done }) => {
    if (!done && !hasBegun) {
      hasBegun = true
      onFirstByte()
    }
  }

  async function passOn(reader: Reader, spare: Response | undefined, value: T): Promise<void> {
    const { parts, isComplete } = await readWhatIsThere(reader, seen)
    if (isComplete && spare) {
      putInPlace(c, spare)
      return
    }
    if (isComplete && parts.length > 1) {
      // Not as a stream: servers tell the length of what is whole.
      replaceBody(c, (parts[0] as Chunk).value as BodyInit, uncounted)
      return
    }
    spare?.body?.cancel().catch(() => undefined)
    const { body, ended } = uncounted(() => streamOf(parts, reader, seen))
    replaceBody(c, body, uncounted)
    if (!isComplete) {
      resolve(value)
      noteUnlessEnded(await endsBy(ended, limit.atMs))
    }
  }

  async function readHere(reader: Reader): Promise<void> {
    const chunks: Uint8Array[] = []
    reading = reader
    const hasEnded = await endsBy(readAll(reader, chunks, limit.atMs, seen), limit.atMs)
    noteUnlessEnded(hasEnded && performance.now() < limit.atMs)
    await reader.cancel()
    if (!isLeft) {
      replaceBody(c, new Blob(chunks as BlobPart[]), uncounted)
    }
  }

  function noteUnlessEnded(hasEnded: boolean): void {
    if (!hasEnded) {
      notes.push(cutNote('the body', limit))
    }
  }

  // Such names tell the profiler's own functions where no file does: see `markedFrames`.
  const { honoProfilerBody: untilEnd } = {
    honoProfilerBody: async (value: T): Promise<void> => {
      try {
        // Nobody reads the body of an answer to HEAD.
        const isUnread = isLeft || isUpgrade(c) || (isServed && c.req.method === 'HEAD')
        if (isUnread) {
          return
        }
        const spare = isServed ? uncounted(() => spareOf(c.res)) : undefined
        const reader = uncounted(() => c.res.body?.getReader())
        if (reader) {
          await (isServed ? passOn(reader, spare, value) : readHere(reader))
        }
      } catch (error) {
        notes.push(`the body was not followed to its end: ${messageOf(error)}`)
      }
    },
  }

  function leave(): void {
    isLeft = true
    reading?.cancel().catch(() => undefined)
  }

  return { untilEnd, streams, leave, notes }
}

/**
 * The response once more, where its headers do not tell its type: Bun knows that of a text, but lists it nowhere,
 * and would serve the text's bytes without it. Asking for the body would lose it as well.
 */
function spareOf(response: Response): Response | undefined {
  return response.headers.has('content-type') ? undefined : response.clone()
}

/** Hono would copy the headers of the response that stands there. */
function putInPlace(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

/** The status and headers stay. */
function replaceBody(c: Context, body: BodyInit, uncounted: Adapter['uncounted']): void {
  uncounted(() => {
    const { status, statusText, headers } = c.res
    c.res = new Response(body, { status, statusText, headers })
  })
}

/** @param untilMs On the clock of `performance`. */
async function endsBy(ended: Promise<void>, untilMs: number): Promise<boolean> {
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

/**
 * Reads a body to its end, and keeps what it can. A body that fails is the application's affair, and ends as well.
 *
 * @param untilMs When to stop, on the clock of `performance`: a body that is always there lets no timer through.
 */
const { honoProfilerBody: readAll } = {
  honoProfilerBody: async (
    reader: Reader,
    kept: Uint8Array[],
    untilMs: number,
    seen: Seen
  ): Promise<void> => {
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

/** Reads the first parts of a body, which are all of it when it does not stream. */
async function readWhatIsThere(
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

/**
 * A stream of the parts read already, and then of what the reader still gives. It is the request that reads on
 * when the client wants more, not the server: so what it waits for keeps its place.
 */
function streamOf(
  parts: readonly (Chunk | Promise<Chunk>)[],
  reader: Reader,
  seen: Seen
): { body: ReadableStream<Uint8Array>; ended: Promise<void> } {
  const demand = new Demand()
  let controller: ReadableStreamDefaultController<Uint8Array>
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own
      },
      pull() {
        demand.rise()
      },
      async cancel(reason) {
        isCancelled = true
        demand.rise()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 }
  )

  const { honoProfilerBody: pump } = {
    honoProfilerBody: async (): Promise<void> => {
      try {
        for (let next = 0; ; next++) {
          await demand.risen()
          const chunk = isCancelled ? undefined : await (parts[next] ?? reader.read())
          if (isCancelled || !chunk) {
            return
          }
          seen(chunk)
          if (chunk.done) {
            controller.close()
            return
          }
          controller.enqueue(chunk.value)
        }
      } catch (error) {
        controller.error(error)
      }
    },
  }

  return { body, ended: pump() }
}

/** Whether a reader waits for more, to be awaited. */
class Demand {
  #rise: () => void = () => undefined
  #risen: Promise<void> = this.#next()

  rise(): void {
    this.#rise()
  }

  async risen(): Promise<void> {
    await this.#risen
    this.#risen = this.#next()
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#rise = resolve
    })
  }
}
