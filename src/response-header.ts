import type { Context } from 'hono'

/**
 * Adds to a header of the response that is served, unless it is on its way already. The headers of some
 * responses cannot be changed (those of `fetch`), so they are copied then.
 */
export function setHeader(c: Context, name: string, value: string): void {
  try {
    c.res.headers.append(name, value)
  } catch {
    c.res = new Response(c.res.body, c.res)
    c.res.headers.append(name, value)
  }
}

/** Header values must be printable ASCII on one line. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)
}
