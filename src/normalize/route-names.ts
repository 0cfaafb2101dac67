import type { FunctionRecord, SpanRecord } from '../session/records.ts'

/** `GET /orders/:id handler`, as the text of a file has it, or a span with the path below which the file's routes are. */
const ROUTE = /^([A-Z][A-Z, ]*) (\S.*) (handler|middleware)$/

interface Route {
  methods: string[]
  paths: string[]
  kind: string
}

/**
 * Names nameless handlers by their full route. Their text tells only what follows the base path; that of the whole is
 * known from the spans, of which one has to fit.
 */
export function withFullRoute(
  spans: readonly SpanRecord[]
): (record: FunctionRecord) => FunctionRecord {
  const routes = [...new Set(spans.filter(({ kind }) => kind !== 'user').map(({ name }) => name))]
  return (record) => {
    const written = record.origin === 'app' ? readRoute(record.name) : undefined
    if (!written || routes.includes(record.name)) {
      return record
    }
    const fitting = routes.filter((name) => isBelow(written, readRoute(name)))
    return fitting.length === 1 ? { ...record, name: fitting[0]! } : record
  }
}

function readRoute(name: string): Route | undefined {
  const [, methods, paths, kind] = ROUTE.exec(name) ?? []
  return kind === undefined
    ? undefined
    : { methods: methods!.split(', '), paths: paths!.split(', '), kind }
}

function isBelow(written: Route, full: Route | undefined): boolean {
  return (
    full?.kind === written.kind &&
    written.methods.includes(full.methods[0]!) &&
    written.paths.some((path) => joins(path, full.paths[0]!))
  )
}

/** Whether a path is one below a base path, as Hono joins them: `/` below `/api` is `/api`. */
function joins(path: string, full: string): boolean {
  return path === '/' || full.endsWith(path.startsWith('/') ? path : `/${path}`)
}
