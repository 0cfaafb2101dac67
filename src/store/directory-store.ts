import type { Session } from '../session.ts'
import { fileSystem } from './file-system.ts'
import { readSession } from './read-session.ts'
import { saveUnderNewName } from './store.ts'

/** Ending of session files. */
export const SESSION_FILE_EXTENSION = '.session.json'

/**
 * Saves a session in a directory under a name of its own and returns the name; no file is ever replaced.
 *
 * @param most How many sessions the directory keeps; the oldest go.
 * @param text The session's JSON.
 */
export async function saveInDirectory(
  directory: string,
  session: Session,
  most: number = Infinity,
  text: string = JSON.stringify(session)
): Promise<string> {
  const folder = directory.replace(/[\\/]$/, '')
  const files = fileSystem()
  const saved = await saveUnderNewName(session, (name) =>
    files.create(`${folder}/${name}${SESSION_FILE_EXTENSION}`, text)
  )
  if (most < Infinity) {
    const sessions = (await files.list(folder)).filter(isSessionFile).sort()
    const oldest = sessions.slice(0, Math.max(0, sessions.length - most))
    await Promise.all(oldest.map((file) => files.remove(`${folder}/${file}`)))
  }
  return saved
}

/** Names of sessions begin with their time, so that they sort by it. Other files in the directory are left alone. */
const SESSION_FILE = /^\d{8}T\d{6}\.\d{3}Z.*\.session\.json$/

function isSessionFile(file: string): boolean {
  return SESSION_FILE.test(file)
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
