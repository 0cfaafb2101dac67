import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { secretParameter } from './access.ts'
import type { Runtime } from './adapter.ts'
import type { CaptureContext } from './normalize/normalize.ts'
import type { ResolvedOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { messageOf } from './outcome.ts'
import type { RequestMeta } from './session/records.ts'

/** What a session says of the runtime. */
export function describeRuntime(runtime: Runtime): Omit<CaptureContext, 'description'> {
  const { name, version, projectRoot, ownFiles } = runtime
  return { runtime: name, runtimeVersion: version, paths: { projectRoot, ownFiles } }
}

/**
 * What a session says of a request that was recorded, and of how it ended.
 *
 * @param outcome Undefined when it had not ended.
 */
export function describeRequest(
  c: Context,
  runtime: Runtime,
  outcome: Outcome<unknown> | undefined,
  options: ResolvedOptions
): CaptureContext {
  const { method, path } = c.req
  const request: RequestMeta = {
    method,
    path: path + shownQuery(c.req.url, options),
    route: routePath(c, -1),
  }
  // A handler that throws past Hono has made no response.
  if (outcome && !('error' in outcome)) {
    request.status = c.res.status
  }
  const error = outcome && 'error' in outcome ? outcome.error : c.error
  if (error !== undefined) {
    request.error = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error)
  }
  return { ...describeRuntime(runtime), description: `${method} ${path}`, request }
}

/** Names of parameters whose values nobody should find in a report. */
const SECRET_NAME =
  /pass|pwd|secret|token|auth|key|sess|jwt|sig|code|otp|cred|cookie|bearer|hmac|nonce|[cx]srf|ticket|saml|assertion|^(?:sid|pin)$/i

/** The query without the profiler's own parameters; values stay only when the options say so. */
function shownQuery(url: string, { trigger, queryValues }: ResolvedOptions): string {
  const own = new Set([trigger, 'term', secretParameter(trigger)])
  const parts: string[] = []
  for (const [name, value] of new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])) {
    if (!own.has(name)) {
      const isShown = value === '' || (queryValues && !SECRET_NAME.test(name))
      parts.push(`${encodeURIComponent(name)}=${isShown ? encodeURIComponent(value) : '…'}`)
    }
  }
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}
