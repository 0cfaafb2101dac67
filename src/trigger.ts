import type { Context } from 'hono'
import type { Format } from './render/formats.ts'
import { FORMATS } from './render/formats.ts'

/** Header that asks for a profile, for clients that must not change the URL. */
export const TRIGGER_HEADER = 'x-profile'

/** What a request asks for. */
export interface Ask {
  /** Name of the renderer that answers. */
  format: Format
  /** Whether the profile is printed to the terminal and the application's own response served. */
  terminal: boolean
  /** Nobody asked: the session is kept, and the client sees nothing of it. */
  background?: true
}

const YES = new Set(['1', 'true', 'yes', 'on'])

/**
 * Reads whether and in which form a request asks for its profile. Any other value of the parameter is the
 * application's own, the empty string included.
 */
export function readTrigger({ req: request }: Context, trigger: string): Ask | undefined {
  const format =
    (mayBeInUrl(request.url, trigger) ? formatOf(request.query(trigger)) : undefined) ??
    formatOf(request.header(TRIGGER_HEADER))
  if (format === undefined) {
    return undefined
  }
  return { format, terminal: YES.has((request.query('term') ?? '').toLowerCase()) }
}

/** Most requests ask for nothing: looking for the name in the URL is much cheaper than parsing the query. */
function mayBeInUrl(url: string, trigger: string): boolean {
  return url.includes(trigger) || (url.includes('?') && !PLAIN_NAME.test(trigger))
}

/** Names that look the same in a URL, whatever wrote it. */
const PLAIN_NAME = /^[\w.-]+$/

function formatOf(value: string | undefined): Format | undefined {
  const word = value?.toLowerCase()
  if (word === undefined) {
    return undefined
  }
  return YES.has(word) ? 'html' : FORMATS.find((format) => format === word)
}
