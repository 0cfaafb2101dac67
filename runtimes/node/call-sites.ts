import type { CapturedFrame, CapturedFunction, OperationKind } from '../../src/adapter.ts'

const HOOK_FILE = 'node:internal/async_hooks'

/** V8's call sites know where a function is defined, which `@types/node` does not tell. */
interface CallSite extends NodeJS.CallSite {
  getEnclosingLineNumber(): number | null
  getEnclosingColumnNumber(): number | null
}

/** A captured stack, read. */
export interface CreationStack {
  kind: OperationKind
  /** Outermost first; the synchronous part only, since runs know their callers. */
  frames: readonly CapturedFrame[]
}

const COMBINATORS = new Map<string | null, OperationKind>([
  ['all', 'all'],
  ['allSettled', 'all'],
  ['race', 'race'],
  ['any', 'race'],
])

/** Reads what `Error.captureStackTrace(holder)` took inside an `init` hook. */
export function readCreationStack(holder: { stack?: unknown }, isPromise: boolean): CreationStack {
  const sites = callSitesOf(holder)
  const hook = sites.findIndex((site) => site.getFileName() === HOOK_FILE)
  let first = hook < 0 ? 0 : hook
  while (sites[first]?.getFileName() === HOOK_FILE) {
    first++
  }
  const created = sites.slice(first)
  const kind = isPromise ? reactionKind(created) : 'callback'
  const isAsync = created.findIndex((site) => site.isAsync())
  const synchronous = isAsync < 0 ? created : created.slice(0, isAsync)
  return { kind, frames: synchronous.map(frameOf).reverse() }
}

/** The function that calls this, as its definition names it. */
export function callerFunction(): CapturedFunction {
  const holder: { stack?: unknown } = {}
  Error.captureStackTrace(holder, callerFunction)
  return frameOf(callSitesOf(holder)[0]!).function
}

/** A promise made by `then` or a combinator has it on top of its stack; one made by `await` has not. */
function reactionKind(sites: readonly CallSite[]): OperationKind {
  if (sites[0]?.getFunctionName() !== 'then' || sites[0].getFileName()) {
    return 'await'
  }
  const caller = sites[1]
  return (!caller?.getFileName() && COMBINATORS.get(caller?.getFunctionName() ?? null)) || 'then'
}

/** `prepareStackTrace` is the application's own setting and is put back. */
function callSitesOf(holder: { stack?: unknown }): readonly CallSite[] {
  const settings = Error as { prepareStackTrace?: unknown }
  const prepare = settings.prepareStackTrace
  settings.prepareStackTrace = (_error: Error, sites: CallSite[]) => sites
  try {
    const sites = holder.stack
    return Array.isArray(sites) ? (sites as CallSite[]) : []
  } finally {
    settings.prepareStackTrace = prepare
  }
}

function frameOf(site: CallSite): CapturedFrame {
  const url = site.getFileName() ?? ''
  return {
    function: {
      name: site.getFunctionName() ?? '',
      url,
      line: url ? (site.getEnclosingLineNumber() ?? 0) : 0,
      column: url ? (site.getEnclosingColumnNumber() ?? 0) : 0,
      isAtToken: true,
    },
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  }
}
