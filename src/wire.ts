import type { Context } from 'hono'
import { getRuntimeKey } from 'hono/adapter'

/** Smaller bodies fit into one packet anyhow. */
const LEAST_BYTES = 1024
/** The formats that are text. */
const IS_TEXT = /^(text\/|application\/json)/

/**
 * The body as it goes to the client: gzipped where the client takes that, with the headers that say so. Hono's
 * `compress` and servers in front leave alone what is encoded already.
 */
export function encodeBody(c: Context, body: string | Uint8Array, headers: Headers): BodyInit {
  if (!IS_TEXT.test(headers.get('content-type') ?? '') || !canEncode()) {
    return body as BodyInit
  }
  headers.set('vary', 'accept-encoding')
  const isWanted = takesGzip(c.req.header('accept-encoding'))
  if (!isWanted || c.req.method === 'HEAD' || body.length < LEAST_BYTES) {
    return body as BodyInit
  }
  headers.set('content-encoding', 'gzip')
  return new Blob([body as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'))
}

/** workerd encodes bodies by itself as their header says, and Cloudflare compresses for its clients. */
function canEncode(): boolean {
  return typeof CompressionStream === 'function' && getRuntimeKey() !== 'workerd'
}

/** Reads `Accept-Encoding`: gzip, with a weight that is not 0 (RFC 9110, 12.5.3). */
function takesGzip(accepted = ''): boolean {
  const codings = accepted.split(',').map((coding) => coding.trim().split(/\s*;\s*q\s*=\s*/i))
  const named = (name: string) => codings.find(([coding]) => coding?.toLowerCase() === name)
  const coding = named('gzip') ?? named('*')
  return coding !== undefined && Number(coding[1] ?? 1) > 0
}
