import type { FunctionRecord, SessionData } from '../session/records.ts'

/**
 * The stack entries that belong to Hono's chain of middleware: its own frames, and the lines that call `next()`.
 * What waits there waits for the rest of the request.
 */
export function chainEntries({ stacks, functions }: SessionData): Set<number> {
  const isChain = functions.map(isDispatcher)
  const entries = new Set<number>()
  stacks.parent.forEach((parent, entry) => {
    if (!isChain[stacks.function[entry]!]) {
      return
    }
    let caller = parent
    while (functions[stacks.function[caller]!]?.origin === 'profiler') {
      caller = stacks.parent[caller]!
    }
    entries.add(entry).add(caller)
  })
  return entries
}

/**
 * For each stack entry the outermost of the application that the middleware or handler around it leads to: itself, or
 * what it calls of the application where it is a library's; -1 when there is none.
 */
export function outermostInChain({ stacks, functions }: SessionData): Int32Array {
  const isChain = functions.map(isDispatcher)
  const entries = new Int32Array(stacks.parent.length)
  stacks.parent.forEach((parent, entry) => {
    const fn = stacks.function[entry]!
    const outer = parent < 0 ? -1 : entries[parent]!
    const isFirst = outer < 0 && functions[fn]!.origin === 'app'
    entries[entry] = isChain[fn] ? -1 : isFirst ? entry : outer
  })
  return entries
}

/**
 * The middleware or handler of a name. What else is called so, like Node's `timeout`, is not meant where Hono's
 * dispatcher is seen to call one.
 */
export function chainFunction(data: SessionData, name: string): FunctionRecord | undefined {
  const { stacks, functions } = data
  const isNamed = functions.map((fn) => fn.name === name && fn.origin !== 'native')
  const isCalledByChain = (entry: number): boolean => {
    const caller = stacks.parent[entry]!
    return caller >= 0 && isDispatcher(functions[stacks.function[caller]!]!)
  }
  const called = stacks.function.find((fn, entry) => isNamed[fn] && isCalledByChain(entry))
  return functions[called ?? isNamed.indexOf(true)]
}

function isDispatcher({ origin, package: owner, fileShort }: FunctionRecord): boolean {
  return origin === 'library' && owner === 'hono' && /\bcompose\b/.test(fileShort)
}
