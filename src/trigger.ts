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
}

const YES = new Set(['1', 'true', 'yes', 'on'])

/**
 * Reads whether and in which form a request asks for its profile. Any other value of the parameter is the
 * application's own, the empty string included.
 */
export function readTrigger({ req: request }: Context, trigger: string): Ask | undefined {
  // Most requests ask for nothing: looking for the name in the URL is much cheaper than parsing the query.
  const isInUrl = request.url.includes(trigger)
  const value = (isInUrl ? request.query(trigger) : undefined) ?? request.header(TRIGGER_HEADER)
  const format = value === undefined ? undefined : formatOf(value)
  if (format === undefined) {
    return undefined
  }
  return { format, terminal: YES.has((request.query('term') ?? '').toLowerCase()) }
}

function formatOf(value: string): Format | undefined {
  const word = value.toLowerCase()
  return YES.has(word) ? 'html' : FORMATS.find((format) => format === word)
}
