import type { SessionData } from '../session/records.ts'

/**
 * The stack entries that belong to Hono's chain of middleware: its own frames, and the lines that call `next()`.
 * What waits there waits for the rest of the request.
 */
export function chainEntries({ stacks, functions }: SessionData): Set<number> {
  const isChain = functions.map(
    ({ origin, package: owner, fileShort }) =>
      origin === 'library' && owner === 'hono' && /\bcompose\b/.test(fileShort)
  )
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
