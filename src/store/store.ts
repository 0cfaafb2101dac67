import type { Session } from '../session.ts'

/** Keeps sessions. Implement it to keep them elsewhere. */
export interface SessionStore {
  /** Keeps a session under a new name and returns the name. */
  save(session: Session): Promise<string>
  /** The session of that name; undefined when there is none. */
  load(name: string): Promise<Session | undefined>
  /** Names of the sessions kept, oldest first. */
  list(): Promise<string[]>
}

/**
 * Keeps the last sessions in memory.
 *
 * @param limit How many; the oldest go. 20 by default.
 * @throws TypeError When `limit` is below 1.
 */
export function memoryStore(limit = 20): SessionStore {
  if (!(limit >= 1)) {
    throw new TypeError(`hono-profiler: memoryStore keeps ${limit} sessions; give a number from 1`)
  }
  const sessions = new Map<string, Session>()
  return {
    save(session) {
      const name = uniqueName(session, (candidate) => sessions.has(candidate))
      sessions.set(name, session)
      for (const oldest of sessions.keys()) {
        if (sessions.size <= limit) {
          break
        }
        sessions.delete(oldest)
      }
      return Promise.resolve(name)
    },
    load: (name) => Promise.resolve(sessions.get(name)),
    list: () => Promise.resolve([...sessions.keys()]),
  }
}

function uniqueName(session: Session, isTaken: (name: string) => boolean): string {
  const name = sessionName(session)
  let candidate = name
  for (let copy = 2; isTaken(candidate); copy++) {
    candidate = `${name}-${copy}`
  }
  return candidate
}

/**
 * Saves a session under a name that is not taken.
 *
 * @param create Keeps it; returns false and keeps nothing when the name is taken.
 */
export async function saveUnderNewName(
  session: Session,
  create: (name: string) => Promise<boolean>
): Promise<string> {
  const name = sessionName(session)
  for (let copy = 1; ; copy++) {
    const unique = copy === 1 ? name : `${name}-${copy}`
    if (await create(unique)) {
      return unique
    }
  }
}

/** A name that sorts by time and says what was profiled: `20261123T063657.123Z-GET-orders-17`. */
export function sessionName({ meta }: Session): string {
  const time = new Date(meta.startTime).toISOString().replace(/[-:]/g, '')
  const what = meta.request ? `${meta.request.method}-${meta.request.path}` : meta.description
  const words = what.replace(/\?.*$/s, '').replace(/[^A-Za-z0-9._]+/g, '-')
  const text = words.replace(/^[-.]+|[-.]+$/g, '').slice(0, 80)
  return text ? `${time}-${text}` : time
}
