import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from 'hono-profiler'
import { readSource } from './arguments.ts'
import { UserError } from './exit.ts'
import { isSessionFile } from './list.ts'

/** So many requests are named in a message. */
const MOST_NAMED = 5

/**
 * Reads what one side of a comparison is given as: a session, or a directory of them.
 *
 * @param only What a request has to contain, as `list` shows it, to be one of a directory.
 * @throws UserError When a directory holds none, or those of several routes.
 */
export async function readSide(source: string, only: string | undefined): Promise<Session[]> {
  if (source === '-' || !(await isDirectory(source))) {
    return [await readSource(source)]
  }
  const names = (await readdir(source)).filter(isSessionFile)
  const all = await Promise.all(names.map((name) => readSource(join(source, name))))
  const sessions = all.filter(({ meta }) => meta.description.includes(only ?? ''))
  if (sessions.length === 0) {
    throw new UserError(`there are no sessions${only ? ` of ${only}` : ''} in ${source}`)
  }
  const routes = [...new Set(sessions.map(routeOf))].sort()
  if (routes.length > 1) {
    const named = routes.slice(0, MOST_NAMED).join(', ')
    throw new UserError(
      `${source} holds requests of ${routes.length} routes (${named}${routes.length > MOST_NAMED ? ', …' : ''}); say which with --only TEXT`
    )
  }
  return sessions
}

function routeOf({ meta: { request, description } }: Session): string {
  return request ? `${request.method} ${request.route ?? request.path}` : description
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Whoever reads it says that it is not there.
    return false
  }
}
