import { Session } from '../session.ts'
import { fileSystem } from './file-system.ts'
import { sessionName } from './store.ts'

/** Ending of session files. */
export const SESSION_FILE_EXTENSION = '.session.json'

/** Saves a session in a directory under a name of its own and returns the name; no file is ever replaced. */
export async function saveInDirectory(directory: string, session: Session): Promise<string> {
  const name = sessionName(session)
  const json = JSON.stringify(session)
  for (let copy = 1; ; copy++) {
    const unique = copy === 1 ? name : `${name}-${copy}`
    const path = `${directory.replace(/[\\/]$/, '')}/${unique}${SESSION_FILE_EXTENSION}`
    if (await fileSystem().create(path, json)) {
      return unique
    }
  }
}

/**
 * Loads a session.
 *
 * @param source Path or `file:` URL of a file, its bytes, its text, or the parsed JSON.
 * @throws Error When the file cannot be read. TypeError when it is not a session, with what is wrong and where.
 * @example
 * const session = await loadSession('profiles/20261123T063657.123Z-GET-orders.session.json')
 * console.log(session.flat({ n: 5 }))
 */
export async function loadSession(source: string | URL | Uint8Array | object): Promise<Session> {
  if (source instanceof URL || (typeof source === 'string' && !/^\s*\{/.test(source))) {
    return Session.fromJSON(await fileSystem().read(source))
  }
  return Session.fromJSON(source)
}
