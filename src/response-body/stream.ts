import type { Chunk, Reader, Seen } from './reading.ts'

/**
 * A stream of the parts read already, and then of what the reader still gives. It is the request that reads on
 * when the client wants more, not the server: so what it waits for keeps its place.
 */
export function streamOf(
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
