/** Bytes that a compressed file may hold: the largest sessions are a few dozen megabytes. */
const MOST_BYTES = 256 * 2 ** 20

/**
 * Takes apart what gzip has compressed.
 *
 * @throws TypeError When the bytes are damaged, or hold more than any session does: some are made to fill the memory.
 */
export async function gunzip(
  bytes: Uint8Array,
  mostBytes: number = MOST_BYTES
): Promise<Uint8Array> {
  const parts: BlobPart[] = []
  let length = 0
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader()
  for (;;) {
    const chunk = await reader.read().catch(() => {
      throw new TypeError('hono-profiler: not a session: the compressed file is damaged')
    })
    if (chunk.done) {
      return new Uint8Array(await new Blob(parts).arrayBuffer())
    }
    parts.push(chunk.value)
    length += chunk.value.byteLength
    if (length > mostBytes) {
      await reader.cancel().catch(() => undefined)
      throw new TypeError(
        `hono-profiler: not a session: the compressed file holds more than ${mostBytes} bytes`
      )
    }
  }
}
