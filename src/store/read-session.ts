import { importCpuProfile } from '../normalize/import-cpuprofile.ts'
import { importPprof } from '../normalize/import-pprof.ts'
import type { ImportOptions } from '../normalize/imported-session.ts'
import { SESSION_FORMAT } from '../session/records.ts'
import { Session } from '../session.ts'
import { gunzip } from './gunzip.ts'

/**
 * Makes a session of what may be one: a session's JSON, a `.cpuprofile` or a pprof profile, as bytes (also
 * compressed by gzip), as text or as an object.
 *
 * @throws TypeError A sentence that says what is wrong, when it is none of them.
 */
export async function readSession(
  source: string | Uint8Array | object,
  options: ImportOptions = {}
): Promise<Session> {
  if (!(source instanceof Uint8Array)) {
    return fromJson(source, options)
  }
  const bytes = isGzip(source) ? await gunzip(source) : source
  return isPprof(bytes) ? importPprof(bytes, options) : fromJson(decode(bytes), options)
}

function fromJson(json: string | object, options: ImportOptions): Session {
  const parsed = typeof json === 'string' ? parse(json) : json
  const { format, nodes } = (parsed ?? {}) as Record<string, unknown>
  return format !== SESSION_FORMAT && Array.isArray(nodes)
    ? importCpuProfile(parsed as object, options)
    : Session.fromJSON(parsed)
}

/** Text that is not JSON stays as it is: the session's own reader says what is wrong with it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Bytes that are not UTF-8 stay as they are, for the same reason. */
function decode(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** A profile begins with its first sample type: field 1, of a few bytes, whose own first field is its type. */
function isPprof(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1]! < 0x10 && bytes[2] === 0x08
}
