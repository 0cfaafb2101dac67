import type { Context } from 'hono'
import type { ResolvedOptions } from './options.ts'
import { messageOf } from './outcome.ts'

/** Whether a request that asks for its profile is recorded. A check that throws refuses, and `warn` tells it. */
export async function isAllowed(
  options: ResolvedOptions,
  c: Context,
  warn: (message: string) => void
): Promise<boolean> {
  if (!options.enabled) {
    return false
  }
  try {
    return (await options.authorize(c)) && (await options.shouldProfile(c))
  } catch (error) {
    warn(`authorize or shouldProfile threw, so nothing is profiled: ${messageOf(error)}`)
    return false
  }
}
