import type { FunctionRecord, SessionData, SpanRecord } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/** What a middleware is called that has no name itself: by its route. */
const BY_ROUTE = /^[A-Z]+ .+ middleware$/

/** Hono's dispatcher, which calls each middleware and handler. */
const DISPATCHER = /^hono\/dist\/(cjs\/)?compose\.js$/

/** Where Hono makes the functions that stand for mounted applications, and around those of sub-applications. */
const HONO_BASE = /^hono\/dist\/(cjs\/)?hono-base\.js$/

/**
 * Names middleware that has no name itself. A span takes the one that sources give, `auth middleware` of a factory
 * `auth`, where the router only knows `ALL /* middleware`. Where sources have but a part of the route, the function
 * takes that of the span. Handlers keep their route, which is all of it even in a sub-application.
 */
export function nameMiddleware(data: SessionData): Pick<SessionData, 'functions' | 'spans'> {
  const { spans } = data
  const chain = spans.filter(({ kind }) => kind !== 'user')
  const timesUs = new Map<SpanRecord | undefined, Map<FunctionRecord, number>>()
  for (const span of chain) {
    if (span.kind === 'middleware' && BY_ROUTE.test(span.name)) {
      timesUs.set(span, new Map())
    }
  }
  if (timesUs.size > 0) {
    forEachSample(data, (stack, startUs, durationUs) => {
      const times = timesUs.get(innermost(chain, startUs + durationUs / 2))
      const fn = times && calledFunction(data, stack)
      if (fn) {
        times.set(fn, (times.get(fn) ?? 0) + durationUs)
      }
    })
  }
  const routes = new Map<FunctionRecord, string>()
  const described = spans.map((span) => {
    const fn = longestOf(timesUs.get(span))
    if (fn && BY_ROUTE.test(fn.name)) {
      routes.set(fn, span.name)
      return span
    }
    return fn ? { ...span, ...nameBy(fn, span) } : span
  })
  const functions = data.functions.map((fn) => ({ ...fn, name: routes.get(fn) ?? fn.name }))
  return { functions, spans: described }
}

/** A mounted application is what handles the request, though Hono would let it pass on. */
function nameBy(fn: FunctionRecord, { name }: SpanRecord): Partial<SpanRecord> {
  return HONO_BASE.test(fn.fileShort)
    ? { name: name.replace(/middleware$/, 'handler'), kind: 'handler' }
    : { name: fn.name }
}

/** A sample reaches a little beyond the function that it shows, so the one with most time counts. */
function longestOf(
  timesUs: ReadonlyMap<FunctionRecord, number> = new Map()
): FunctionRecord | undefined {
  const [longest] = [...timesUs].sort(([, a], [, b]) => b - a)
  return longest?.[0]
}

/** The last middleware or handler to begin of those around a moment. */
function innermost(chain: readonly SpanRecord[], us: number): SpanRecord | undefined {
  return chain.findLast(({ startUs, endUs }) => startUs <= us && us < endUs)
}

/**
 * The innermost function of a stack that Hono's dispatcher has called, or what Hono puts around the functions of
 * sub-applications; undefined for none that tells something.
 */
function calledFunction(
  { stacks, functions }: SessionData,
  stack: number
): FunctionRecord | undefined {
  const functionAt = (entry: number): FunctionRecord | undefined =>
    functions[stacks.function[entry] ?? -1]
  for (let entry = stack; entry >= 0; entry = stacks.parent[entry]!) {
    const fn = functionAt(entry)!
    const caller = functionAt(stacks.parent[entry]!)
    if (caller && (DISPATCHER.test(caller.fileShort) || isAround(caller))) {
      return DISPATCHER.test(fn.fileShort) || isNameless(fn) ? undefined : fn
    }
  }
  return undefined
}

function isAround(fn: FunctionRecord): boolean {
  return HONO_BASE.test(fn.fileShort) && isNameless(fn)
}

function isNameless({ name }: FunctionRecord): boolean {
  return name.startsWith('(')
}
