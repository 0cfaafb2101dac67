import type { ResolvedOptions } from '../options.ts'
import { messageOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { saveInDirectory } from './directory-store.ts'
import { fitSession } from './fit-session.ts'

/**
 * Keeps a session where the options say, and gives the name that it has there. What is cut, and a failure, is told in
 * the session's notes and to `warn`; nothing is thrown.
 */
export async function keepSession(
  session: Session,
  { saveDir, store, keep, maxSessions, maxSessionSize }: ResolvedOptions,
  warn: (message: string) => void
): Promise<string | undefined> {
  try {
    if ((!saveDir && !store) || !(await keep(session))) {
      return undefined
    }
    const fitted = fitSession(session, maxSessionSize)
    if (fitted.note !== '') {
      session.meta.notes.push(`In what is saved, ${fitted.note}`)
    }
    return store
      ? await store.save(fitted.session)
      : await saveInDirectory(saveDir!, fitted.session, maxSessions, fitted.json)
  } catch (error) {
    const reason = `this session could not be saved: ${messageOf(error)}`
    session.meta.notes.push(reason)
    warn(reason)
    return undefined
  }
}
