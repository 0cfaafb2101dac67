import type { SessionData, SpanRecord } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/** What a middleware is called that has no name itself: by its route. */
const BY_ROUTE = /^[A-Z]+ .+ middleware$/

/** Hono's dispatcher, which calls each middleware and handler. */
const DISPATCHER = /^hono\/dist\/(cjs\/)?compose\.js$/

/**
 * Spans with the names that sources give to middleware without one: `auth middleware` of a factory `auth`, where the
 * router only knows `ALL /* middleware`. Handlers keep their route, which is all of it even in a sub-application.
 */
export function nameMiddleware(data: SessionData): SpanRecord[] {
  const { spans } = data
  const names = new Map<number, string | undefined>()
  spans.forEach(({ kind, name }, i) => {
    if (kind === 'middleware' && BY_ROUTE.test(name)) {
      names.set(i, undefined)
    }
  })
  let missing = names.size
  forEachSample(data, (stack, startUs, durationUs) => {
    const span = missing > 0 ? innermost(spans, startUs + durationUs / 2) : -1
    const name = names.has(span) && !names.get(span) && calledName(data, stack)
    if (name) {
      names.set(span, name)
      missing--
    }
  })
  return spans.map((span, i) => ({ ...span, name: names.get(i) ?? span.name }))
}

/** Position of the last middleware or handler to begin of those around a moment; -1 for none. */
function innermost(spans: readonly SpanRecord[], us: number): number {
  return spans.findLastIndex(
    ({ kind, startUs, endUs }) => kind !== 'user' && startUs <= us && us < endUs
  )
}

/** Name of the innermost function of a stack that Hono's dispatcher has called; undefined for none. */
function calledName({ stacks, functions }: SessionData, stack: number): string | undefined {
  const functionAt = (entry: number) => functions[stacks.function[entry]!]!
  for (let entry = stack; entry >= 0; entry = stacks.parent[entry]!) {
    const caller = stacks.parent[entry]!
    const { name, fileShort } = functionAt(entry)
    if (caller >= 0 && DISPATCHER.test(functionAt(caller).fileShort)) {
      return DISPATCHER.test(fileShort) || name.startsWith('(') ? undefined : name
    }
  }
  return undefined
}
