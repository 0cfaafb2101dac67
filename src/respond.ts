import type { Context } from 'hono'
import type { Adapter } from './adapter.ts'
import type { Renderer } from './render/renderer.ts'
import type { SessionMeta } from './session/records.ts'
import { STATES } from './session/records.ts'
import type { Session } from './session.ts'
import { encodeBody } from './wire.ts'

/**
 * Puts the report in the place of the application's response. Its cookies stay, since the request may have
 * changed state; its other headers describe a body that is not sent.
 */
export function respondWith(
  c: Context,
  renderer: Renderer<string | Uint8Array>,
  session: Session,
  sessionName: string | undefined,
  { uncounted }: Pick<Adapter, 'uncounted'>
): Response {
  const body = uncounted(() => renderer.render(session))
  const original = c.res
  const headers = new Headers({
    'content-type': renderer.contentType,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
    ...renderer.headers,
  })
  for (const cookie of cookiesOf(original.headers)) {
    headers.append('set-cookie', cookie)
  }
  if (sessionName !== undefined) {
    headers.set('x-profile-id', sessionName)
  }
  const report = new Response(encodeBody(c, body, headers), { headers })
  // Nobody reads the body any more; a failing cancel is the body's own affair.
  original.body?.cancel().catch(() => undefined)
  // Hono would copy the headers of the response that stands there.
  c.res = undefined
  c.res = report
  if (headers.has(POLICY)) {
    keepPolicy(c.res.headers)
  }
  return c.res
}

const POLICY = 'content-security-policy'

/**
 * Keeps the page's own policy, which allows less than any other. Middleware around the profiler, like
 * `secureHeaders`, sets the policy of the application's pages last of all, and that would leave the page blank.
 */
function keepPolicy(headers: Headers): void {
  for (const method of ['set', 'append'] as const) {
    const change = headers[method].bind(headers)
    headers[method] = (name, value) => {
      if (name.toLowerCase() !== POLICY) {
        change(name, value)
      }
    }
  }
}

/** Workers of compatibility dates before 2023-03 have a method of their own for it. */
function cookiesOf(headers: Headers & { getAll?(name: string): string[] }): string[] {
  const { getSetCookie } = headers as Partial<Headers>
  return getSetCookie ? getSetCookie.call(headers) : (headers.getAll?.('set-cookie') ?? [])
}

/** The totals as a `Server-Timing` header, in milliseconds. */
export function serverTiming({ duration, totals }: SessionMeta): string {
  const parts = [`total;dur=${duration}`, ...STATES.map((name) => `${name};dur=${totals[name]}`)]
  return parts.join(', ')
}
