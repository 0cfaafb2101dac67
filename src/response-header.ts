import type { Context } from 'hono'

/**
 * Adds to a header of the response that is served, unless it is on its way already. The headers of some
 * responses cannot be changed (those of `fetch`), so they are copied then; an upgrade stays without.
 */
export function setHeader(c: Context, name: string, value: string): void {
  try {
    c.res.headers.append(name, value)
  } catch {
    if (isUpgrade(c)) {
      return
    }
    c.res = new Response(c.res.body, c.res)
    c.res.headers.append(name, value)
  }
}

/**
 * Whether the response hands its connection over, to a WebSocket: it has to go out as the very object that it is.
 * Bun hands the connection over beside the response, and ignores that.
 */
export function isUpgrade(c: Context): boolean {
  // Asking for a response that is not there would make one.
  return c.finalized && c.res.status === 101
}

/** Header values must be printable ASCII on one line. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)
}
