import type { SessionData, StackTable, WaitRecord } from '../../session/records.ts'

interface OwnWait extends WaitRecord {
  position: number
  entry: number
}

/**
 * Positions of the waits in which several calls of one function awaited at the same time: one call awaits one
 * thing at a time, so that two at once are two calls. What follows what is not known of them.
 */
export function waitsOfParallelCalls(data: SessionData): Set<number> {
  const parallel = new Set<number>()
  for (const waits of ownWaits(data).values()) {
    let active: OwnWait[] = []
    for (const wait of waits) {
      active = active.filter(({ endUs }) => endUs > wait.awaitedUs)
      for (const other of active) {
        if (!isCall(data.stacks, other.entry, wait.entry)) {
          parallel.add(other.position).add(wait.position)
        }
      }
      active.push(wait)
    }
  }
  return parallel
}

/**
 * What functions of the application await themselves, not what they call, by function and in order of time.
 * The members of `Promise.all` and the like stand beside the await of the whole.
 */
function ownWaits({ stacks, functions, waits }: SessionData): Map<number, OwnWait[]> {
  const byFunction = new Map<number, OwnWait[]>()
  const inOrder = waits.map((wait, position) => {
    return { ...wait, position, entry: wait.awaiting ?? wait.stack }
  })
  for (const wait of inOrder.sort((a, b) => a.awaitedUs - b.awaitedUs)) {
    const fn = stacks.function[wait.entry] ?? -1
    if (functions[fn]?.origin === 'app' && !wait.name.startsWith('Promise.')) {
      const list = byFunction.get(fn) ?? []
      byFunction.set(fn, list)
      list.push(wait)
    }
  }
  return byFunction
}

/** Whether one entry is called by the other, as in a recursion that awaits itself. */
function isCall({ parent }: StackTable, a: number, b: number): boolean {
  const [outer, inner] = [Math.min(a, b), Math.max(a, b)]
  let entry = parent[inner]!
  while (entry > outer) {
    entry = parent[entry]!
  }
  return entry === outer
}
