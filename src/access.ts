import type { Context } from 'hono'
import type { ResolvedOptions } from './options.ts'
import { messageOf } from './outcome.ts'
import type { Ask } from './trigger.ts'

/** Header that carries the secret; the query parameter is the trigger's name with `-secret`. */
const SECRET_HEADER = 'x-profile-secret'

/** Whether a request is recorded. A check that throws refuses, and `warn` tells it. */
export async function isAllowed(
  options: ResolvedOptions,
  c: Context,
  ask: Ask,
  warn: (message: string) => void
): Promise<boolean> {
  try {
    return (
      options.isIncluded(c.req.path) &&
      (ask.background === true || (await mayAsk(options, c))) &&
      (await options.shouldProfile(c))
    )
  } catch (error) {
    warn(`authorize or shouldProfile threw, so nothing is profiled: ${messageOf(error)}`)
    return false
  }
}

async function mayAsk(options: ResolvedOptions, c: Context): Promise<boolean> {
  const { enabled, secret, authorize } = options
  if (!enabled) {
    return false
  }
  return knowsSecret(c, options) || (authorize ? await authorize(c) : secret === undefined)
}

function knowsSecret({ req }: Context, { secret, trigger }: ResolvedOptions): boolean {
  const given = req.header(SECRET_HEADER) ?? req.query(secretParameter(trigger))
  return secret !== undefined && given !== undefined && isSame(secret, given)
}

/** The query parameter that carries the secret. */
export function secretParameter(trigger: string): string {
  return `${trigger}-secret`
}

/** Compares in a time that depends only on the length of what was given, so that no secret can be guessed by its parts. */
function isSame(secret: string, given: string): boolean {
  let difference = secret.length ^ given.length
  for (let i = 0; i < given.length; i++) {
    difference |= secret.charCodeAt(i % secret.length) ^ given.charCodeAt(i)
  }
  return difference === 0
}

/** A path: text, in which `*` stands for anything, or a regular expression. */
export type PathPattern = string | RegExp

/** Tells whether a path matches one of the patterns. `/api/*` matches `/api` as well, as Hono's own patterns do. */
export function pathMatcher(patterns: readonly PathPattern[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) =>
    typeof pattern === 'string' ? expressionOf(pattern) : withoutPosition(pattern)
  )
  return (path) => expressions.some((expression) => expression.test(path))
}

function expressionOf(pattern: string): RegExp {
  const isBelow = pattern.endsWith('/*')
  const parts = (isBelow ? pattern.slice(0, -2) : pattern).split('*')
  const escaped = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}${isBelow ? '(?:/.*)?' : ''}$`, 's')
}

/** Global and sticky expressions remember where they stopped. */
function withoutPosition(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
}
