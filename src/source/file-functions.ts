import type { FileFunctions, SourceFunction } from '../adapter.ts'
import { functionAround, functionDefinedAt } from './functions.ts'

/** How many calls an engine may have put into one function. */
const MAX_INLINED = 3

/** Answers questions about the functions of one file. */
export function fileFunctions(text: string, functions: readonly SourceFunction[]): FileFunctions {
  const lines = text.split('\n')
  const bodyOf = ({ line, endLine }: SourceFunction): string =>
    lines.slice(line - 1, endLine).join('\n')
  const calls = (caller: SourceFunction, { name }: SourceFunction): boolean => {
    const own = /[\w$#]+$/.exec(name)?.[0]
    return own !== undefined && bodyOf(caller).includes(`${own}(`)
  }
  const wayTo = (
    from: SourceFunction,
    to: SourceFunction,
    depth: number
  ): SourceFunction[] | undefined => {
    if (calls(from, to)) {
      return [to]
    }
    for (const between of depth > 1 ? functions : []) {
      const rest =
        between !== from && between !== to && calls(from, between)
          ? wayTo(between, to, depth - 1)
          : undefined
      if (rest) {
        return [between, ...rest]
      }
    }
    return undefined
  }
  return {
    definedAt: (line, column) => functionDefinedAt(functions, line, column),
    inlinedAt(caller, line) {
      const indent = /^\s*/.exec(lines[line - 1] ?? '')![0].length
      const callee = functionAround(functions, line, indent + 1)
      return callee ? (wayTo(caller, callee, MAX_INLINED) ?? []) : []
    },
  }
}
