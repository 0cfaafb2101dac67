import type { SessionData, SessionMeta } from './records.ts'
import { checkMeta } from './shape.ts'

/**
 * What formats of other tools have no field for. Exports carry it where a format lets them, so that a profile
 * that comes back is the same session; other readers pass over it.
 */
export interface ExchangeNote {
  meta: SessionMeta
  /** The directory to which paths were shown relative; empty when unknown. */
  projectRoot: string
}

/** The note for a session that is exported. */
export function exchangeNote(data: SessionData): ExchangeNote {
  return { meta: data.meta, projectRoot: projectRootOf(data) }
}

/** Reads a note; undefined for anything else, since it may come from elsewhere. */
export function readExchangeNote(note: unknown): ExchangeNote | undefined {
  const { meta, projectRoot } = (note ?? {}) as Partial<ExchangeNote>
  try {
    checkMeta(meta, 'meta')
  } catch {
    return undefined
  }
  return { meta: meta!, projectRoot: typeof projectRoot === 'string' ? projectRoot : '' }
}

/** What stands before the short path of the application's functions. */
function projectRootOf({ functions }: SessionData): string {
  for (const { origin, file, fileShort } of functions) {
    if (origin === 'app' && fileShort !== file && file.endsWith(`/${fileShort}`)) {
      return file.slice(0, -fileShort.length - 1)
    }
  }
  return ''
}
