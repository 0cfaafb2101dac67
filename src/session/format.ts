import { checkSession } from './check.ts'
import type { SessionData } from './records.ts'
import { SESSION_FORMAT, SESSION_VERSION } from './records.ts'
import { notASession } from './shape.ts'

/**
 * Reads a session and checks all of it. Fields that are not known are kept and ignored.
 *
 * @param json Text, UTF-8 bytes, or the object itself, which is returned as it is.
 * @throws TypeError A sentence that says what is wrong and where.
 */
export function parseSession(json: unknown): SessionData {
  const session = decode(json)
  refuseNewer(session)
  checkSession(session)
  return session
}

function decode(json: unknown): unknown {
  const text = json instanceof Uint8Array ? decodeUtf8(json) : json
  if (typeof text !== 'string') {
    return text
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw notASession(`the text is not JSON (${(cause as Error).message})`)
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notASession('the bytes are not UTF-8 text')
  }
}

function refuseNewer(session: unknown): void {
  const { format, version } = (session ?? {}) as Record<string, unknown>
  if (format === SESSION_FORMAT && typeof version === 'number' && version > SESSION_VERSION) {
    throw new TypeError(
      `hono-profiler: a newer hono-profiler wrote this session: its format version is ${version}, ` +
        `and this one reads up to ${SESSION_VERSION}; update hono-profiler to open it`
    )
  }
}
