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

/** Reads whether and in which form a request asks for its profile. */
export type ReadTrigger = (c: Context) => Ask | undefined

/**
 * Makes what reads the parameter `trigger`. Any value that names no format is the application's own, the empty string
 * included.
 */
export function triggerReader(trigger: string): ReadTrigger {
  // Most requests ask for nothing: looking for the name in the URL is much cheaper than parsing the query.
  const sign = PLAIN_NAME.test(trigger) ? trigger : '?'
  return ({ req: request }) => {
    const format =
      (request.url.includes(sign) ? formatOf(request.query(trigger)) : undefined) ??
      formatOf(request.header(TRIGGER_HEADER))
    return format && { format, terminal: YES.has((request.query('term') ?? '').toLowerCase()) }
  }
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
