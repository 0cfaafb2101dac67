import type { Context } from 'hono'
import type { ResolvedOptions } from './options.ts'

/** Whether a request that asks for its profile is recorded. A check that throws refuses. */
export async function isAllowed(options: ResolvedOptions, c: Context): Promise<boolean> {
  if (!options.enabled) {
    return false
  }
  try {
    return (await options.authorize(c)) && (await options.shouldProfile(c))
  } catch {
    return false
  }
}
