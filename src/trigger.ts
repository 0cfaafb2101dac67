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
  return (c) => {
    const { req: request } = c
    const format =
      (request.url.includes(sign) ? formatOf(request.query(trigger)) : undefined) ??
      (mayHaveHeader(c) ? formatOf(request.header(TRIGGER_HEADER)) : undefined)
    return format && { format, terminal: YES.has((request.query('term') ?? '').toLowerCase()) }
  }
}

/**
 * Whether looking the header up is worth it. Node's server hands on the header lines as they came, names and values in
 * turns, beside a request that reads them: going through them takes 10-25 ns, `Headers.get` 90-170.
 */
function mayHaveHeader({ req: { raw }, env }: Context): boolean {
  const lines = isOfNodeServer(raw) && (env as NodeBindings | undefined)?.incoming?.rawHeaders
  if (!Array.isArray(lines)) {
    return true
  }
  for (let i = 0; i < lines.length; i += 2) {
    const name: unknown = lines[i]
    if (typeof name !== 'string') {
      return true
    }
    if (name.length === TRIGGER_HEADER.length && name.toLowerCase() === TRIGGER_HEADER) {
      return true
    }
  }
  return false
}

/** Its requests have a prototype of their own, but no class; one that the application made has headers of its own. */
function isOfNodeServer(request: Request): boolean {
  return request.constructor === Request && Object.getPrototypeOf(request) !== Request.prototype
}

/** The part that counts here of what `@hono/node-server` gives as `c.env`. */
interface NodeBindings {
  incoming?: { rawHeaders?: unknown }
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
