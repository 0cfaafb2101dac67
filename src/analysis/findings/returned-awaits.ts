import type { SessionData } from '../../session/records.ts'
import { textOfEntry } from '../lines.ts'

/** `return await load()`, on one line. */
const RETURNED = /\breturn\b.*\bawait\b/

/** How far below, in lines, the `catch` of a `try` is looked for. */
const CATCH_WITHIN = 6

/** A second `await` on the line may be awaited before the one that is returned. */
const TWO_AWAITS = /\bawait\b.*\bawait\b/

/**
 * Whether a function is over with what it awaits at a stack entry, as the text of the line says, where the session
 * holds it. When the same call awaits something after it all the same, this one has failed, or `finally` awaits.
 */
export function isReturned(data: SessionData, entry: number): boolean {
  const text = textOfEntry(data, entry)
  return RETURNED.test(text) && !TWO_AWAITS.test(text)
}

/** Whether what is awaited there can fail without the function being over: it is followed by a `catch`. */
export function isAttempt(data: SessionData, entry: number): boolean {
  const below = Array.from({ length: CATCH_WITHIN }, (_, i) => textOfEntry(data, entry, i))
  return isReturned(data, entry) && below.some((text) => /\bcatch\b/.test(text))
}
