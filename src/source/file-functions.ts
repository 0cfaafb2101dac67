import type { FileFunctions, SourceFunction } from '../adapter.ts'
import { functionAround, functionDefinedAt, headAt, readFunctions } from './functions.ts'
import { dependsOnOthers, outerStatement } from './statements.ts'

/** How many calls an engine may have put into one function, and functions looked at to find them. */
const MAX_INLINED = 3
const MAX_LOOKED_AT = 20

/**
 * Answers questions about the functions of one file. It is parsed when it is asked about them: where a function is
 * defined, the statement around that is mostly enough.
 *
 * @param path Its ending says which language it is.
 */
export function fileFunctions(path: string, text: string): FileFunctions {
  const lines = text.split('\n')
  const statements = new Map<number, readonly SourceFunction[]>()
  let whole: readonly SourceFunction[] | undefined
  const bodies = new Map<SourceFunction, string>()
  const ways = new Map<string, readonly SourceFunction[]>()

  const all = (): readonly SourceFunction[] => (whole ??= readFunctions(path, text))

  /** Finds a function in the statement around it, if that alone tells what the whole file would. */
  const inStatement = (
    find: typeof headAt,
    line: number,
    column: number
  ): SourceFunction | undefined => {
    const { first, last } = outerStatement(lines, Math.min(line, lines.length))
    if (first === 1 && last === lines.length) {
      return find(all(), line, column)
    }
    let functions = statements.get(first)
    if (!functions) {
      const part = lines.slice(first - 1, last).join('\n')
      functions = readFunctions(path, part, first, dependsOnOthers)
      statements.set(first, functions)
    }
    return find(functions, line, column)
  }

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
      : all().filter((fn) => fn !== callee && bodyOf(fn).includes(`${own}(`))
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
    definedAt: (line, column) =>
      (whole ? undefined : inStatement(headAt, line, column)) ??
      functionDefinedAt(all(), line, column),
    around: (line, column) =>
      (whole ? undefined : inStatement(functionAround, line, column)) ??
      functionAround(all(), line, column),
    named(name) {
      const called = lastWord(name)
      const [only, ...others] = called ? all().filter((fn) => lastWord(fn.name) === called) : []
      return others.length === 0 ? only : undefined
    },
    inlinedAt(caller, line) {
      const key = `${caller.line}:${caller.column} ${line}`
      let way = ways.get(key)
      if (!way) {
        const indent = /^\s*/.exec(lines[line - 1] ?? '')![0].length
        const callee = functionAround(all(), line, indent + 1)
        const from = all().find((fn) => fn.line === caller.line && fn.column === caller.column)
        ways.set(key, (way = callee && from ? wayTo(from, callee) : []))
      }
      return way
    },
  }
}

function lastWord(name: string): string | undefined {
  return /[\w$#]+$/.exec(name)?.[0]
}
