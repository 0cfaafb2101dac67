import type { Context } from 'hono'
import type { Adapter } from '../adapter.ts'
import { messageOf } from '../outcome.ts'
import type { RecordingLimit } from '../recording-limit.ts'
import { cutNote } from '../recording-limit.ts'
import { isUpgrade } from '../response-header.ts'
import type { Chunk, Reader, Seen } from './reading.ts'
import { endsBy, readAll, readWhatIsThere } from './reading.ts'
import { streamOf } from './stream.ts'

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
    const { parts, isComplete } = await readWhatIsThere(reader, seen, spare !== undefined)
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
