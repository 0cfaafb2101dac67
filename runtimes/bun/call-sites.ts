import type { CapturedFrame, OperationKind } from '../../src/adapter.ts'
import type { CreationStack, Operation } from '../../src/capture/track.ts'
import { functionAt } from './source-functions.ts'
import { columnOf } from './transformed-files.ts'

/** Frames kept of a stack. Callers beyond the resumed function are known from the run that created it. */
const STACK_LIMIT = 50

const COMBINATORS = new Map<string, OperationKind>([
  ['all', 'all'],
  ['allSettled', 'all'],
  ['race', 'race'],
  ['any', 'any'],
])

/** They read the constructor of a promise that they are given, before they call its `then` or instead of it. */
const LOOKS = new Set([...COMBINATORS.keys(), 'finally', 'resolve'])

type Hook = (this: never, ...args: never[]) => unknown

interface ErrorSettings {
  stackTraceLimit: number
  prepareStackTrace?: unknown
}

const keepSites = (_error: Error, sites: NodeJS.CallSite[]): NodeJS.CallSite[] => sites

/**
 * Takes the current stack. JSC prepares it at once, so the application's own settings are changed for a moment.
 *
 * @param hook What is left out, with all that it called.
 */
export function captureStack(hook: Hook): readonly NodeJS.CallSite[] {
  const settings = Error as ErrorSettings
  const { stackTraceLimit, prepareStackTrace } = settings
  const holder: { stack?: unknown } = {}
  settings.stackTraceLimit = STACK_LIMIT
  settings.prepareStackTrace = keepSites
  try {
    Error.captureStackTrace(holder, hook)
  } finally {
    settings.stackTraceLimit = stackTraceLimit
    settings.prepareStackTrace = prepareStackTrace
  }
  return holder.stack as readonly NodeJS.CallSite[]
}

/** Reads the stack of an operation, which `captureStack` took. */
export function readStack({ type, stack }: Operation): CreationStack {
  const sites = withoutInnerThen(stack as readonly NodeJS.CallSite[])
  const frames = framesOf(sites)
  if (type !== 'reaction') {
    return { kind: 'callback', frames }
  }
  const native = nativeName(sites[0])
  if (LOOKS.has(native)) {
    return { kind: COMBINATORS.get(native) ?? 'then', frames, isLook: true }
  }
  return { kind: native === 'then' || native === 'catch' ? 'then' : 'await', frames }
}

/** Combinators call `then` of each member, which stands on the stack only once they have been compiled. */
function withoutInnerThen(sites: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const isInner = nativeName(sites[0]) === 'then' && COMBINATORS.has(nativeName(sites[1]))
  return isInner ? sites.slice(1) : sites
}

/** Empty for a function of the application. */
function nativeName(site: NodeJS.CallSite | undefined): string {
  return site?.isNative() ? (site.getFunctionName() ?? '') : ''
}

/** The frame that calls this. */
export function callerFrame(): CapturedFrame {
  return frameOf(captureStack(callerFrame)[0]!)
}

/** The synchronous part, outermost first. */
function framesOf(sites: readonly NodeJS.CallSite[]): CapturedFrame[] {
  const isAsync = sites.findIndex((site) => site.isAsync())
  const synchronous = isAsync < 0 ? sites : sites.slice(0, isAsync)
  return synchronous.map(frameOf).reverse()
}

function frameOf(site: NodeJS.CallSite): CapturedFrame {
  const url = site.isNative() ? '' : (site.getFileName() ?? '')
  const line = (url && site.getLineNumber()) || 0
  const column = (url && columnOf(url, line, site.getColumnNumber() ?? 0)) || 0
  const extent = line > 0 ? functionAt(url, line, column) : undefined
  const name = site.getFunctionName() || (extent?.name ?? '')
  return {
    function: { name, url, line: extent?.line ?? 0, column: extent?.column ?? 0 },
    line,
    column,
  }
}
