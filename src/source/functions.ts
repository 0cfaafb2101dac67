import type { SourceFunction } from '../adapter.ts'
import { functionName } from './names.ts'
import type { AnyNode } from './syntax.ts'
import { isFunction, visitSyntax } from './syntax.ts'

/** A file this long is a bundle, in which looking for functions takes longer than it is worth: 1 MB takes 150 ms. */
export const LONGEST_SCRIPT = 1_500_000

/**
 * The functions of a file in order of their beginnings, an outer one before its inner ones; none when it cannot be
 * parsed.
 *
 * @param path Its ending says which language it is.
 */
export function readFunctions(path: string, text: string): SourceFunction[] {
  const functions: SourceFunction[] = []
  try {
    visitSyntax(path, text, (node, ancestors) => {
      if (isFunction(node) || node.type === 'StaticBlock') {
        functions.push(describe(node, functionName(node, ancestors)))
      }
    })
  } catch {
    // Written in what Babel does not know: functions are known by what the engine calls them.
    return []
  }
  return functions
}

function describe(node: AnyNode, name: string): SourceFunction {
  // Decorators of a method are before it: a reader looks for its name.
  const start = ((node.key as AnyNode | undefined) ?? node).loc.start
  const body = ((node.body as AnyNode | undefined)?.loc ?? node.loc).start
  const { end } = node.loc
  const isBlock = node.type === 'StaticBlock'
  return {
    name,
    line: start.line,
    column: start.column + 1,
    ...(isBlock
      ? { bodyLine: start.line, bodyColumn: start.column + 2 }
      : { bodyLine: body.line, bodyColumn: body.column + 1 }),
    endLine: end.line,
    endColumn: end.column + 1,
    ...(name === '' && node.computed ? { isComputed: true } : {}),
  }
}

interface Point {
  line: number
  column: number
}

function isBefore(one: Point, line: number, column: number): boolean {
  return one.line < line || (one.line === line && one.column < column)
}

function contains(fn: SourceFunction, { line, column }: Point): boolean {
  return (
    !isBefore({ line, column }, fn.line, fn.column) &&
    isBefore({ line, column }, fn.endLine, fn.endColumn)
  )
}

/** The innermost function around a position that is executed. */
export function functionAround(
  functions: readonly SourceFunction[],
  line: number,
  column: number
): SourceFunction | undefined {
  return functions.findLast((fn) => contains(fn, { line, column }))
}

/**
 * The function that an engine says is defined at a position, which may be its first token, its name or its
 * parameters, or, where a map is coarse, what stands just before it.
 */
export function functionDefinedAt(
  functions: readonly SourceFunction[],
  line: number,
  column: number
): SourceFunction | undefined {
  const position = { line, column }
  const inHead = functions.findLast(
    (fn) =>
      contains(fn, position) &&
      (isBefore(position, fn.bodyLine, fn.bodyColumn) || (line === fn.line && column === fn.column))
  )
  const next = functions.find((fn) => fn.line === line && fn.column >= column)
  return inHead ?? next ?? functionAround(functions, line, column)
}
