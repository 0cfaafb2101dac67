import type { Context, Handler, Next } from 'hono'
import { COMPOSED_HANDLER } from 'hono/utils/constants'
import type { Recording } from '../adapter.ts'
import { ownMiddleware } from './own-middleware.ts'

/** What Hono's router found for a request: a handler with its route, and the request's parameters. */
type Match = [[handler: Handler, route: Route], params: unknown]

interface Route {
  method: string
  path: string
}

/** What a handler gives: a response, or a promise of it or of nothing. */
type Answer = Response | Promise<Response | undefined>

/**
 * Makes the `next` of a recorded request: each middleware and handler that it leads to becomes a span, those
 * that a middleware calls inside of its own. The application and its router stay as they are.
 *
 * Hono's dispatcher reads its list of matches, which requests of one route share, when `next` is called, and
 * calls what it finds at once. So the traced handler stands in the list from the call of `next` until it is
 * called itself: nothing else runs meanwhile.
 */
export function traceNext(c: Context, next: Next, recording: Recording): Next {
  return nextAfter(c.req.routeIndex, c, next, recording)
}

/** Calls the handler of a recorded request, and what it leads to, as spans. */
export function callTraced(c: Context, handler: Handler, next: Next, recording: Recording): Answer {
  const index = c.req.routeIndex
  const { honoProfilerSpan } = {
    honoProfilerSpan: () =>
      callAsSpan(index, matchesOf(c)?.[index]?.[0][1], handler, c, next, recording),
  }
  return honoProfilerSpan()
}

function nextAfter(index: number, c: Context, next: Next, recording: Recording): Next {
  const matches = matchesOf(c)
  const match = matches?.[index + 1]
  if (!matches || !match || Object.isFrozen(matches)) {
    return untraced(next)
  }
  const [[handler, route], params] = match
  const restore = (): void => {
    matches[index + 1] = match
  }
  // Such names tell the profiler's own functions where no file does: see `markedFrames`.
  const { honoProfilerSpan, honoProfilerNext } = {
    honoProfilerSpan: (context: Context, innerNext: Next): Answer => {
      // Between here and the dispatcher, something can send a request of its own to the same route.
      if (context !== c) {
        return untraced(handler)(context, innerNext) as Answer
      }
      restore()
      return callAsSpan(index + 1, route, handler, c, innerNext, recording)
    },
    honoProfilerNext: (): Promise<void> => {
      matches[index + 1] = [[honoProfilerSpan, route], params]
      try {
        return next()
      } finally {
        restore()
      }
    },
  }
  return honoProfilerNext
}

/** What calls the application's code without a span. */
function untraced<A extends unknown[], R>(call: (...args: A) => Promise<R> | R) {
  const { honoProfilerWork } = {
    honoProfilerWork: async (...args: A): Promise<R> => await call(...args),
  }
  return honoProfilerWork
}

function callAsSpan(
  index: number,
  route: Route | undefined,
  handler: Handler,
  c: Context,
  next: Next,
  recording: Recording
): Answer {
  const tracedNext = nextAfter(index, c, next, recording)
  if (ownMiddleware.has(handler)) {
    return handler(c, tracedNext) as Answer
  }
  const { name, kind } = describe(handler, route)
  const { honoProfilerWork } = {
    honoProfilerWork: () => handler(c, tracedNext) as Answer,
  }
  return recording.span(name, kind, honoProfilerWork)
}

/** Names that Hono gives to functions of its own: mounted applications, sub-applications with an error handler. */
const UNTOLD = new Set(['', 'handler'])

function describe(
  composed: Handler,
  route: Route | undefined
): { name: string; kind: 'middleware' | 'handler' } {
  const handler = innermost(composed)
  const kind = handler.length > 1 ? 'middleware' : 'handler'
  const isNamed = !UNTOLD.has(handler.name) || !route
  return { name: isNamed ? handler.name : `${route.method} ${route.path} ${kind}`, kind }
}

/** The application's own handler, which Hono and `instrument` put into others. */
function innermost(handler: Handler): Handler {
  const inner = (handler as { [COMPOSED_HANDLER]?: Handler })[COMPOSED_HANDLER]
  return inner ? innermost(inner) : handler
}

/** The matches of a request, which Hono keeps under a symbol that it does not export. */
function matchesOf({ req }: Context): Match[] | undefined {
  const prototype = Object.getPrototypeOf(req) as object
  for (const key of Object.getOwnPropertySymbols(prototype)) {
    const result = (req as unknown as Record<symbol, unknown>)[key]
    if (Array.isArray(result) && Array.isArray(result[0])) {
      return result[0] as Match[]
    }
  }
  return undefined
}
