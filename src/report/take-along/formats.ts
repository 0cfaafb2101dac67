import { markdownRenderer } from '../../render/markdown.ts'
import type { SessionData } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import type { Session } from '../../session.ts'

/** A form in which the report can be kept. */
export interface Format {
  label: string
  /** File name extension, without the dot. */
  extension: string
  contentType: string
  /** What opens it. */
  use: string
  render: (data: SessionData) => string | Uint8Array
}

/** What can be downloaded. */
export const formats: readonly Format[] = [
  {
    label: 'Session',
    extension: 'json',
    contentType: 'application/json',
    use: 'loadSession, all there is',
    render: (data) => JSON.stringify(data),
  },
]

/** The report as text for an issue or an agent. */
export function asMarkdown(data: SessionData): string {
  return markdownRenderer().render(asSession(data))
}

/** What renderers read of a session: the class would bring along all that can be asked of one. */
function asSession(data: SessionData): Session {
  const { meta } = data
  const read: Pick<Session, 'data' | 'meta' | 'duration' | 'rootFrame'> = {
    data,
    meta,
    duration: meta.duration,
    rootFrame: (options) => buildCallTree(data, options),
  }
  return read as Session
}
