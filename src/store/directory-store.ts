import type { Session } from '../session.ts'
import { fileSystem } from './file-system.ts'
import { readSession } from './read-session.ts'
import { saveUnderNewName } from './store.ts'

/** Ending of session files. */
export const SESSION_FILE_EXTENSION = '.session.json'

/** Saves a session in a directory under a name of its own and returns the name; no file is ever replaced. */
export function saveInDirectory(directory: string, session: Session): Promise<string> {
  const folder = directory.replace(/[\\/]$/, '')
  return saveUnderNewName(session, (name, json) =>
    fileSystem().create(`${folder}/${name}${SESSION_FILE_EXTENSION}`, json)
  )
}

/**
 * Loads a session, or makes one of a `.cpuprofile` or a pprof profile.
 *
 * @param source Path or `file:` URL of a file, its bytes (gzip or not), its text, or the parsed JSON.
 * @throws Error When the file cannot be read. TypeError when it is not a session or profile, with what is wrong and where.
 * @example
 * const session = await loadSession('profiles/20261123T063657.123Z-GET-orders.session.json')
 * console.log(session.flat({ n: 5 }))
 */
export async function loadSession(source: string | URL | Uint8Array | object): Promise<Session> {
  if (source instanceof URL || (typeof source === 'string' && !/^\s*\{/.test(source))) {
    const isUrl = typeof source === 'string' && source.startsWith('file:')
    const bytes = await fileSystem().read(isUrl ? new URL(source) : source)
    return readSession(bytes, { description: fileName(source) })
  }
  return readSession(source)
}

function fileName(path: string | URL): string {
  return String(path).replace(/^.*[\\/]/s, '')
}
