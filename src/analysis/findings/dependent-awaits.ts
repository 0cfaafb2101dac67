import type { SessionData } from '../../session/records.ts'
import { textOfEntry } from '../lines.ts'

/** `const user = await`, `let [a, b]: Rows = await`, `const { data: user } = await`. */
const DECLARED =
  /\b(?:const|let|var)\s+([\w$]+|\{[^}]*\}|\[[^\]]*\])(?:\s*:[^=]+)?\s*=\s*\(*await\b/

const IDENTIFIER = /[A-Za-z_$][\w$]*/g

/** In `{ data: user }`, what is read; the name is what follows. */
const PROPERTY = /[\w$]+\s*:/g

/** Their text is no code. */
const STRINGS = /'[^']*'|"[^"]*"/g

/**
 * Whether what is awaited at one stack entry of a function needs what another one gave, as the texts of the two lines
 * say: `const user = await loadUser()`, then `await loadOrders(user.id)`. Not where the session does not hold them.
 */
export function needsResult(data: SessionData, later: number, earlier: number): boolean {
  const pattern = DECLARED.exec(textOfEntry(data, earlier))?.[1]
  const [, ...awaited] = textOfEntry(data, later)
    .replace(STRINGS, '')
    .split(/\bawait\b/)
  const used = new Set(awaited.join(' ').match(/(?<![.\w$])[A-Za-z_$][\w$]*/g))
  const names = pattern?.replace(PROPERTY, '').match(IDENTIFIER) ?? []
  return names.some((name) => used.has(name))
}
