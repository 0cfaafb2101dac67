import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from './ledger.ts'

export interface Variables {
  scope: Scope
}

export interface Env {
  Variables: Variables
}

/** A route whose handlers tell the ledger what they do, so that its profile can be compared with the truth. */
export interface Workload {
  name: string
  handlers: MiddlewareHandler<Env>[]
  /** How many requests the times are the mean of: more than one where bursts are about as short as the sampling interval. */
  repetitions?: number
  /** What it throws, as text. */
  error?: string
}

/** The scope of the handler `name`; handlers that it calls by `next` are called in it. */
export function enter(c: Context<Env>, name: string): Scope {
  const scope = c.get('scope').in(name)
  c.set('scope', scope)
  return scope
}

export const sleep = (ms: number): Promise<void> => {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
