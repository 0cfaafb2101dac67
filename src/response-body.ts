import type { Context } from 'hono'
import type { Adapter } from './adapter.ts'

/** Keeps a recording going until the body of the response has ended. */
export interface BodyWatch<T> {
  /** Waits for the end of the body of `c.res`; `value` is what the handler gave. Never rejects. */
  untilEnd(value: T): Promise<void>
  /** Gives that value back as soon as the response can go out although its body goes on. */
  streams: Promise<T>
  /** What the reader of the report should know. */
  notes: string[]
}

type Chunk = ReadableStreamReadResult<Uint8Array>
type Uncounted = Adapter['uncounted']

/**
 * Watches the body of a response.
 *
 * @param isServed Whether the client reads the body; otherwise a copy of it is read here and thrown away.
 * @param longestMs When to stop, since some bodies never end.
 * @param uncounted Makes copies and streams outside of the recorded time (3 ms when their code is cold).
 */
export function watchBody<T>(
  c: Context,
  isServed: boolean,
  longestMs: number,
  uncounted: Uncounted
): BodyWatch<T> {
  const notes: string[] = []
  let resolve: (value: T) => void
  const streams = new Promise<T>((whenStreaming) => {
    resolve = whenStreaming
  })
  const untilEnd = async (value: T): Promise<void> => {
    let ended: Promise<void>
    if (isServed) {
      const followed = await followResponse(c.res, uncounted)
      c.res = followed.response
      ended = followed.ended
      if (!followed.isComplete) {
        resolve(value)
      }
    } else {
      // The original stays whole, to be served when the profile is lost.
      ended = drain(uncounted(() => c.res.body && c.res.clone().body))
    }
    if (!(await endsWithin(ended, longestMs))) {
      notes.push(`the body went on for more than ${longestMs} ms and was not followed to its end`)
    }
  }
  return { untilEnd, streams, notes }
}

async function endsWithin(ended: Promise<void>, longestMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, longestMs, false)
  })
  try {
    return await Promise.race([ended.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Reads a body to its end and throws it away. A body that fails is the application's affair, and ends as well. */
async function drain(body: ReadableStream | null): Promise<void> {
  const reader = body?.getReader()
  try {
    while (reader && !(await reader.read()).done) {
      // Only the time that it takes is of interest.
    }
  } catch {
    return
  }
}

/** A response whose body is read through us, so that it is known when it ends. */
interface FollowedResponse {
  /** What to serve instead of the original: the same body, status and headers. */
  response: Response
  /** Whether all of the body was there at once, as it is when it does not stream. */
  isComplete: boolean
  /** Settles when the body was read to its end, was cancelled or failed. Never rejects. */
  ended: Promise<void>
}

async function followResponse(original: Response, uncounted: Uncounted): Promise<FollowedResponse> {
  const reader = uncounted(() => original.body?.getReader())
  if (!reader) {
    return { response: original, isComplete: true, ended: Promise.resolve() }
  }
  const { parts, isComplete } = await readWhatIsThere(reader)
  return uncounted(() => {
    const { body, ended } = streamOf(parts, reader)
    const { status, statusText, headers } = original
    return {
      response: new Response(body, { status, statusText, headers }),
      isComplete,
      ended: isComplete ? Promise.resolve() : ended,
    }
  })
}

/** Reads until the body ends, or until a part of it does not come within the current turn of the event loop. */
async function readWhatIsThere(
  reader: ReadableStreamDefaultReader<Uint8Array>
): Promise<{ parts: (Chunk | Promise<Chunk>)[]; isComplete: boolean }> {
  const parts: (Chunk | Promise<Chunk>)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const turn = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, 0, undefined)
  })
  try {
    for (;;) {
      const pending = reader.read()
      const chunk = await Promise.race([pending, turn])
      parts.push(chunk ?? pending)
      if (!chunk || chunk.done) {
        return { parts, isComplete: chunk?.done === true }
      }
    }
  } catch {
    // Whoever reads on gets the same error.
    return { parts, isComplete: false }
  } finally {
    clearTimeout(timer)
  }
}

/** A stream of the parts read already, and then of what the reader still gives. */
function streamOf(
  parts: readonly (Chunk | Promise<Chunk>)[],
  reader: ReadableStreamDefaultReader<Uint8Array>
): { body: ReadableStream<Uint8Array>; ended: Promise<void> } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await (parts[next++] ?? reader.read())
        if (!done) {
          controller.enqueue(value)
          return
        }
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      end()
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
  return { body, ended }
}
