import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { Runtime } from './adapter.ts'
import type { CaptureContext } from './normalize/normalize.ts'
import type { Outcome } from './outcome.ts'
import { messageOf } from './outcome.ts'
import type { RequestMeta } from './session/records.ts'

/** What a session says of the runtime. */
export function describeRuntime(runtime: Runtime): Omit<CaptureContext, 'description'> {
  const { name, version, projectRoot, ownFiles } = runtime
  return { runtime: name, runtimeVersion: version, paths: { projectRoot, ownFiles } }
}

/** What a session says of a request that was recorded, and of how it ended. */
export function describeRequest(
  c: Context,
  runtime: Runtime,
  outcome: Outcome<unknown>
): CaptureContext {
  const { method, path, url } = c.req
  const query = url.indexOf('?')
  const request: RequestMeta = {
    method,
    path: query < 0 ? path : path + url.slice(query),
    route: routePath(c, -1),
  }
  // A handler that throws past Hono has made no response.
  if (!('error' in outcome)) {
    request.status = c.res.status
  }
  if ('error' in outcome || c.error !== undefined) {
    const error = 'error' in outcome ? outcome.error : c.error
    request.error = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error)
  }
  return { ...describeRuntime(runtime), description: `${method} ${path}`, request }
}
