import type { Session } from '../session.ts'

/** Turns a session into one format. Stateless: rendering twice gives the same result. */
export interface Renderer<Output extends string | Uint8Array = string> {
  /** The format's name, as `?profile=` takes it. */
  readonly name: string
  /** MIME type of the output, with its charset. */
  readonly contentType: string
  /** File name extension, without the dot: `html`, `speedscope.json`. */
  readonly extension: string
  /** HTTP headers that the output needs, like a page's security policy. */
  readonly headers?: Readonly<Record<string, string>>
  render(session: Session): Output
}

/** Headers that let a browser save the output, under an ending that other tools open. */
export function attachment(extension: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename="profile.${extension}"` }
}
