import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { forEachSample } from '../../session/tree.ts'

/** Tells whether a function is what the reader searches for. */
export type IsMatch = (record: FunctionRecord) => boolean

/** What the reader searches for, read. */
export interface Search {
  /** Undefined when nothing is searched for, or the expression is not one. */
  isMatch: IsMatch | undefined
  /** Finds the text in a name, to mark it. */
  pattern: RegExp | undefined
  /** Why the expression is not one. */
  error: string | undefined
}

const NOTHING: Search = { isMatch: undefined, pattern: undefined, error: undefined }

/** Between slashes, with flags that change what matches: `/^load(User|Items)$/i`. */
const EXPRESSION = /^\/(.+)\/([imsuv]*)$/s

/** Reads a search: text anywhere in a name or a path, in small or capital letters, or a `/regular expression/`. */
export function readSearch(text: string): Search {
  const typed = text.trim()
  if (typed === '') {
    return NOTHING
  }
  const [, source, flags] = EXPRESSION.exec(typed) ?? [typed, escapeExpression(typed), 'i']
  try {
    const pattern = new RegExp(source, flags)
    return { pattern, isMatch: matcher(pattern), error: undefined }
  } catch (error) {
    return { ...NOTHING, error: (error as Error).message }
  }
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Asks each function once: views ask for every frame. */
function matcher(pattern: RegExp): IsMatch {
  const known = new WeakMap<FunctionRecord, boolean>()
  return (record) => {
    let isMatch = known.get(record)
    if (isMatch === undefined) {
      isMatch = pattern.test(record.name) || pattern.test(record.fileShort)
      known.set(record, isMatch)
    }
    return isMatch
  }
}

/** What a search found. */
export interface Found {
  /** The functions that match and took time, those with most first: their own and what they called. */
  functions: FunctionRecord[]
  /** Milliseconds in which one of them was running or waiting. */
  time: number
}

/** Looks a session through. */
export function findMatches(data: SessionData, isMatch: IsMatch): Found {
  const { stacks, functions } = data
  const selfUs = new Float64Array(stacks.parent.length)
  forEachSample(data, (stack, _startUs, durationUs) => {
    if (stack >= 0) {
      selfUs[stack]! += durationUs
    }
  })
  const matching = functions.map((record) => isMatch(record))
  const timeUs = new Map<number, number>()
  let foundUs = 0
  // Callees stand after their callers, so that from the end each entry's time is whole when it is met.
  for (let entry = selfUs.length - 1; entry >= 0; entry--) {
    const parent = stacks.parent[entry]!
    const index = stacks.function[entry]!
    if (matching[index] && selfUs[entry]! > 0) {
      timeUs.set(index, (timeUs.get(index) ?? 0) + selfUs[entry]!)
    }
    if (parent >= 0) {
      selfUs[parent]! += selfUs[entry]!
    }
  }
  const isBelow = new Uint8Array(selfUs.length)
  for (let entry = 0; entry < selfUs.length; entry++) {
    const parent = stacks.parent[entry]!
    const above = parent >= 0 && isBelow[parent] === 1
    const here = matching[stacks.function[entry]!]!
    isBelow[entry] = above || here ? 1 : 0
    foundUs += here && !above ? selfUs[entry]! : 0
  }
  const byTime = [...timeUs].sort(([, a], [, b]) => b - a)
  return { functions: byTime.map(([index]) => functions[index]!), time: foundUs / 1000 }
}
