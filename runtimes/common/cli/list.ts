import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSession } from 'hono-profiler'
import { ms } from './answers.ts'
import { UserError } from './exit.ts'
import type { Answer } from './table.ts'

/** What is told of a file. */
interface ListEntry {
  file: string
  /** Epoch milliseconds. */
  startTime: number
  /** Milliseconds. */
  duration: number
  description: string
  status?: number
  /** Why it cannot be read. */
  problem?: string
}

const ENDINGS = ['.session.json', '.cpuprofile', '.pb', '.pb.gz', '.pprof']

/** Whether a file is called as sessions and profiles are. */
export function isSessionFile(name: string): boolean {
  return ENDINGS.some((ending) => name.endsWith(ending))
}

/** The sessions and profiles of a directory, oldest first. */
export async function listAnswer(directory: string): Promise<Answer> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new UserError(`${directory} cannot be listed: ${(error as Error).message}`)
  })
  const files = names.filter(isSessionFile)
  const entries = await Promise.all(files.map((name) => entryOf(directory, name)))
  entries.sort((a, b) => a.startTime - b.startTime || (a.file < b.file ? -1 : 1))
  return {
    title: `Sessions in ${directory}`,
    none: `There are no sessions in ${directory}.`,
    columns: ['recorded', 'duration', 'status', 'what', 'file'],
    rows: entries.map(({ file, startTime, duration, status, description, problem }) => [
      new Date(startTime).toISOString().replace('T', ' ').slice(0, 19),
      problem === undefined ? ms(duration) : '',
      status ?? '',
      problem ?? description,
      file,
    ]),
    data: entries,
  }
}

async function entryOf(directory: string, name: string): Promise<ListEntry> {
  const file = join(directory, name)
  const { mtimeMs } = await stat(file)
  try {
    const { meta } = await loadSession(file)
    const { duration, description, request } = meta
    const startTime = meta.startTime > 0 ? meta.startTime : mtimeMs
    return {
      file,
      startTime,
      duration,
      description,
      ...(request?.status && { status: request.status }),
    }
  } catch (error) {
    const problem = (error as Error).message.replace(/^hono-profiler: /, '')
    return { file, startTime: mtimeMs, duration: 0, description: name, problem }
  }
}
