import type { CapturedFrame, OperationKind } from '../../src/adapter.ts'
import type { CreationStack } from '../../src/capture/track.ts'

/** Frames kept of a stack. Callers beyond the resumed function are known from the run that created it. */
const STACK_LIMIT = 50

/** Where Node calls the hooks that applications and this package set. */
const HOOK_FILES = /^node:internal\/(async|promise)_hooks$/

/** V8's call sites know where a function is defined, which `@types/node` does not tell; Deno's do not. */
type CallSite = Omit<NodeJS.CallSite, 'getEnclosingLineNumber' | 'getEnclosingColumnNumber'> & {
  getEnclosingLineNumber?(): number | null
  getEnclosingColumnNumber?(): number | null
}

const COMBINATORS = new Map<string, OperationKind>([
  ['all', 'all'],
  ['allSettled', 'all'],
  ['race', 'race'],
  ['any', 'any'],
])

/**
 * Takes the current stack, to be read later. The limit is the application's own setting and is put back.
 *
 * @param hook What is left out, with all that it called.
 */
export function captureStack(hook?: (this: never, ...args: never[]) => unknown): {
  stack?: unknown
} {
  const holder = {}
  const limit = Error.stackTraceLimit
  // `Reflect.set` does not throw where `Error` is frozen.
  Reflect.set(Error, 'stackTraceLimit', STACK_LIMIT)
  try {
    Error.captureStackTrace(holder, hook)
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit)
  }
  return holder
}

/** They read a promise's constructor before they call its `then`, or instead. */
const LOOKS = new Set([...COMBINATORS.keys(), 'finally', 'resolve'])

/**
 * Makes what reads the stacks of a recording that `Error.captureStackTrace(holder, hook)` took inside an `init` hook.
 * A loop takes the same stack again and again: equal ones are one object, so that what follows sees each once.
 */
export function creationStackReader(): (
  holder: { stack?: unknown },
  isPromise: boolean
) => CreationStack {
  const stacks = new Map<string, CreationStack>()
  return (holder, isPromise) => {
    const sites = callSitesOf(holder)
    const first = sites.findIndex((site) => !HOOK_FILES.test(site.getFileName() ?? ''))
    const created = sites.slice(Math.max(first, 0))
    const key = stackKey(created, isPromise)
    let stack = stacks.get(key)
    if (!stack) {
      const kind = isPromise ? reactionKind(created) : 'callback'
      stacks.set(key, (stack = { kind, frames: framesOf(created) }))
    }
    return stack
  }
}

/** What `framesOf` and `reactionKind` make of it follows from this. */
function stackKey(sites: readonly CallSite[], isPromise: boolean): string {
  let key = String(isPromise)
  for (const site of sites) {
    const isAsync = site.isAsync()
    key += ` ${isAsync}${site.getFunctionName()}@${site.getFileName()}:${site.getPosition()}`
    if (isAsync) {
      break
    }
  }
  return key
}

/**
 * Reads what `Error.captureStackTrace(holder, hook)` took in the getter of a promise's constructor, or in the wrapper
 * of an API.
 */
export function readHookStack(holder: { stack?: unknown }, isPromise: boolean): CreationStack {
  const sites = callSitesOf(holder)
  const frames = framesOf(sites)
  if (!isPromise) {
    return { kind: 'callback', frames }
  }
  const top = sites[0]
  const name = top?.getFileName() ? null : top?.getFunctionName()
  if (name && LOOKS.has(name)) {
    return { kind: COMBINATORS.get(name) ?? 'then', frames, isLook: true }
  }
  return { kind: reactionKind(sites), frames }
}

/**
 * The synchronous part, outermost first. When a thenable is awaited, the engine calls its `then` in a turn of its own,
 * which no promise tells of: only there the asynchronous part says who awaits, where the engine knows it.
 */
function framesOf(sites: readonly CallSite[]): CapturedFrame[] {
  const isAsync = sites.findIndex((site) => site.isAsync())
  const synchronous = isAsync < 0 ? sites : sites.slice(0, isAsync)
  const first = synchronous.findLastIndex((site) => !isInternal(site))
  if (isAsync < 0 || sites[first]?.getFunctionName() !== 'then') {
    return synchronous.map(frameOf).reverse()
  }
  const awaiting = { ...frameOf(sites[isAsync]!), isSuspended: true }
  return [
    awaiting,
    ...sites
      .slice(0, first + 1)
      .map(frameOf)
      .reverse(),
  ]
}

function isInternal(site: CallSite): boolean {
  return /^(node:|ext:|$)/.test(site.getFileName() ?? '')
}

/** The frame of the function that calls this; undefined where call sites cannot be read. */
export function callerFrame(): CapturedFrame | undefined {
  const holder: { stack?: unknown } = {}
  Error.captureStackTrace(holder, callerFrame)
  const caller = callSitesOf(holder)[0]
  return caller && frameOf(caller)
}

/**
 * A promise made by `then` or a combinator has it on top of its stack; one made by `await` has not. Nobody calls the
 * `then` of a promise that another one was resolved with.
 */
function reactionKind(sites: readonly CallSite[]): OperationKind {
  if (sites[0]?.getFunctionName() !== 'then' || sites[0].getFileName()) {
    return 'await'
  }
  const caller = sites[1]
  if (!caller) {
    return 'adopt'
  }
  return (!caller.getFileName() && COMBINATORS.get(caller.getFunctionName() ?? '')) || 'then'
}

/** `prepareStackTrace` is the application's own setting and is put back. `Error` may be frozen: no sites then. */
function callSitesOf(holder: { stack?: unknown }): readonly CallSite[] {
  const own = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  Reflect.set(Error, 'prepareStackTrace', (_error: Error, sites: CallSite[]) => sites)
  try {
    const sites = holder.stack
    return Array.isArray(sites) ? (sites as CallSite[]) : []
  } finally {
    if (own) {
      Reflect.defineProperty(Error, 'prepareStackTrace', own)
    } else {
      Reflect.deleteProperty(Error, 'prepareStackTrace')
    }
  }
}

function frameOf(site: CallSite): CapturedFrame {
  const url = site.getFileName() ?? ''
  return {
    function: {
      name: site.getFunctionName() ?? '',
      url,
      line: url ? (site.getEnclosingLineNumber?.() ?? 0) : 0,
      column: url ? (site.getEnclosingColumnNumber?.() ?? 0) : 0,
      isAtToken: true,
    },
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  }
}
