import type { FunctionRecord, SessionData, SpanRecord } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/** What a middleware is called that has no name itself: by its route. */
const BY_ROUTE = /^[A-Z]+ .+ middleware$/

/** Hono's dispatcher, which calls each middleware and handler. */
const DISPATCHER = /^hono\/dist\/(cjs\/)?compose\.js$/

/** Where Hono makes the functions that stand for mounted applications, and around those of sub-applications. */
const HONO_BASE = /^hono\/dist\/(cjs\/)?hono-base\.js$/

/**
 * Spans with the names that sources give to middleware without one: `auth middleware` of a factory `auth`, where the
 * router only knows `ALL /* middleware`. Handlers keep their route, which is all of it even in a sub-application.
 */
export function nameMiddleware(data: SessionData): SpanRecord[] {
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
  return spans.map((span) => ({ ...span, ...described(span, longestOf(timesUs.get(span))) }))
}

/** A mounted application is what handles the request, though Hono would let it pass on. */
function described({ name }: SpanRecord, fn: FunctionRecord | undefined): Partial<SpanRecord> {
  if (!fn) {
    return {}
  }
  if (!HONO_BASE.test(fn.fileShort)) {
    return { name: fn.name }
  }
  return isNameless(fn) ? {} : { name: name.replace(/middleware$/, 'handler'), kind: 'handler' }
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

/** The innermost function of a stack that Hono's dispatcher has called; undefined for none that tells something. */
function calledFunction(
  { stacks, functions }: SessionData,
  stack: number
): FunctionRecord | undefined {
  const functionAt = (entry: number) => functions[stacks.function[entry]!]!
  for (let entry = stack; entry >= 0; entry = stacks.parent[entry]!) {
    const caller = stacks.parent[entry]!
    const fn = functionAt(entry)
    if (caller >= 0 && DISPATCHER.test(functionAt(caller).fileShort)) {
      const tellsNothing = isNameless(fn) && !HONO_BASE.test(fn.fileShort)
      return DISPATCHER.test(fn.fileShort) || tellsNothing ? undefined : fn
    }
  }
  return undefined
}

function isNameless({ name }: FunctionRecord): boolean {
  return name.startsWith('(')
}
