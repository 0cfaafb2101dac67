import { condensedBy } from '../session/packed/fit.ts'
import type { SessionData } from '../session/records.ts'
import { Session } from '../session.ts'

/** A session that is kept, and its JSON. */
export interface Fitted {
  session: Session
  json: string
  /** What was left out to make it fit; empty when nothing was. */
  note: string
}

const WITHOUT_SOURCES = 'the lines of the source were left out'

/**
 * Makes a session fit into so many bytes: unchanged where it does, else without the lines of the source, else with
 * the order of short samples left out as well, as little of it as needed. All sums stay exact.
 *
 * @throws Error When it does not fit even so; the message says what to do.
 */
export function fitSession(session: Session, most: number): Fitted {
  const json = JSON.stringify(session)
  // Each character is at most three bytes, so that most sessions need not be encoded to be measured.
  if (json.length * 3 <= most || sizeOf(json) <= most) {
    return { session, json, note: '' }
  }
  for (const [data, note] of smaller(session.data)) {
    const noted = withNote(data, `${note}, since the session is larger than maxSessionSize allows`)
    const smallerJson = JSON.stringify(noted)
    if (sizeOf(smallerJson) <= most) {
      return { session: new Session(noted), json: smallerJson, note: noted.meta.notes.at(-1)! }
    }
  }
  throw new Error(
    `it is larger, whatever is left out, and maxSessionSize is ${most}; raise it, or record less: a longer interval, a shorter maxDuration`
  )
}

/** Ever smaller versions of a session, and what each is without. */
function* smaller({ sources, ...data }: SessionData): Generator<[SessionData, note: string]> {
  if (sources) {
    yield [data, WITHOUT_SOURCES]
  }
  for (const [condensed, resolutionUs] of condensedBy(data)) {
    const order = `the order of short samples was kept to ${resolutionUs / 1000} ms`
    yield [condensed, sources ? `${WITHOUT_SOURCES} and ${order}` : order]
  }
}

function withNote(data: SessionData, note: string): SessionData {
  return { ...data, meta: { ...data.meta, notes: [...data.meta.notes, note] } }
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length
}
