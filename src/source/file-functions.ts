import type { FileFunctions, SourceFunction } from '../adapter.ts'
import { functionAround, functionDefinedAt } from './functions.ts'

/** How many calls an engine may have put into one function, and functions looked at to find them. */
const MAX_INLINED = 3
const MAX_LOOKED_AT = 20

/** Answers questions about the functions of one file. */
export function fileFunctions(text: string, functions: readonly SourceFunction[]): FileFunctions {
  const lines = text.split('\n')
  const bodies = new Map<SourceFunction, string>()
  const ways = new Map<string, readonly SourceFunction[]>()

  const bodyOf = (fn: SourceFunction): string => {
    let body = bodies.get(fn)
    if (body === undefined) {
      bodies.set(fn, (body = lines.slice(fn.line - 1, fn.endLine).join('\n')))
    }
    return body
  }

  const callersOf = (callee: SourceFunction): SourceFunction[] => {
    const own = lastWord(callee.name)
    return own === undefined
      ? []
      : functions.filter((fn) => fn !== callee && bodyOf(fn).includes(`${own}(`))
  }

  /** From the callee back to what calls it, by the names that functions mention; the shortest way. */
  const wayTo = (from: SourceFunction, to: SourceFunction): readonly SourceFunction[] => {
    let ends: (readonly SourceFunction[])[] = [[to]]
    const seen = new Set([to])
    for (let depth = 0; depth < MAX_INLINED && seen.size <= MAX_LOOKED_AT; depth++) {
      const longer: (readonly SourceFunction[])[] = []
      for (const way of ends) {
        const callers = callersOf(way[0]!)
        if (callers.includes(from)) {
          return way
        }
        for (const caller of callers.filter((fn) => !seen.has(fn)).slice(0, MAX_LOOKED_AT)) {
          seen.add(caller)
          longer.push([caller, ...way])
        }
      }
      ends = longer
    }
    return []
  }

  return {
    definedAt: (line, column) => functionDefinedAt(functions, line, column),
    named(name) {
      const called = lastWord(name)
      const [only, ...others] = called ? functions.filter((fn) => lastWord(fn.name) === called) : []
      return others.length === 0 ? only : undefined
    },
    inlinedAt(caller, line) {
      const key = `${caller.line}:${caller.column} ${line}`
      let way = ways.get(key)
      if (!way) {
        const indent = /^\s*/.exec(lines[line - 1] ?? '')![0].length
        const callee = functionAround(functions, line, indent + 1)
        ways.set(key, (way = callee ? wayTo(caller, callee) : []))
      }
      return way
    },
  }
}

function lastWord(name: string): string | undefined {
  return /[\w$#]+$/.exec(name)?.[0]
}
