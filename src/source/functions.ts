import type { SourceFunction } from '../adapter.ts'
import type { Initializer } from './initializers.ts'
import { initializersOf } from './initializers.ts'
import { className, functionName } from './names.ts'
import type { AnyNode, SyntaxVisitor } from './syntax.ts'
import { isFunction, visitSyntax } from './syntax.ts'

/** A file this long is a bundle, in which looking for functions takes longer than it is worth: 1 MB takes 150 ms. */
export const LONGEST_SCRIPT = 1_500_000

/**
 * The functions of a file in order of their beginnings, an outer one before its inner ones; none when it cannot be
 * parsed.
 *
 * @param path Its ending says which language it is.
 * @param firstLine Where the text begins in the file.
 * @param isForeign Whether a node is one of which the text must not be made: then it is as if it could not be parsed.
 */
export function readFunctions(
  path: string,
  text: string,
  firstLine = 1,
  isForeign?: (...visited: Parameters<SyntaxVisitor>) => boolean
): SourceFunction[] {
  const functions: WrittenFunction[] = []
  const byNode = new Map<AnyNode, WrittenFunction>()
  try {
    const visit: SyntaxVisitor = (node, ancestors) => {
      if (isForeign?.(node, ancestors)) {
        throw new SyntaxError(`unexpected ${node.type}`)
      }
      if (isFunction(node)) {
        const written = describe(node, functionName(node, ancestors))
        functions.push(written)
        byNode.set(node, written)
      }
      if (node.type === 'ClassBody') {
        const owner = className(ancestors)
        for (const initializer of initializersOf(node)) {
          const written = describeInitializer(initializer, owner)
          functions.push(written)
          for (const member of initializer.members) {
            byNode.set(member, written)
          }
        }
      }
      const called = calledName(node)
      const caller = called && byNode.get(ancestors.findLast((outer) => byNode.has(outer))!)
      if (caller) {
        caller.calls.push(called)
      }
    }
    visitSyntax(path, text, visit, firstLine)
  } catch {
    // Written in what Babel does not know: functions are known by what the engine calls them.
    return []
  }
  return functions
}

type WrittenFunction = SourceFunction & { calls: { name: string; line: number }[] }

/** What a node may call: what is called or made by name, and members, which may be getters. */
function calledName(node: AnyNode): { name: string; line: number } | undefined {
  const isCall = /^(Optional)?CallExpression$|^NewExpression$/.test(node.type)
  const isMember = /^(Optional)?MemberExpression$/.test(node.type) && !node.computed
  const target = (isCall ? node.callee : isMember ? node.property : undefined) as
    AnyNode | undefined
  const { name, id } = { ...target } as { name?: unknown; id?: { name: unknown } }
  const text = target?.type === 'PrivateName' ? `#${String(id!.name)}` : name
  return typeof text === 'string' ? { name: text, line: target!.loc.start.line } : undefined
}

function describe(node: AnyNode, name: string): WrittenFunction {
  // Decorators of a method are before it: a reader looks for its name, an engine may say that they are its beginning.
  const start = ((node.key as AnyNode | undefined) ?? node).loc.start
  const body = ((node.body as AnyNode | undefined)?.loc ?? node.loc).start
  const { end } = node.loc
  return {
    name,
    line: start.line,
    column: start.column + 1,
    headLine: node.loc.start.line,
    headColumn: node.loc.start.column + 1,
    bodyLine: body.line,
    bodyColumn: body.column + 1,
    endLine: end.line,
    endColumn: end.column + 1,
    ...(name === '' && node.computed ? { isComputed: true } : {}),
    calls: [],
  }
}

/** Engines say that it is defined where its first field or block is. */
function describeInitializer(
  { isStatic, start, end }: Initializer,
  owner: string
): WrittenFunction {
  return {
    name: `${isStatic ? 'static' : 'new'} ${owner}`.trim(),
    line: start.line,
    column: start.column + 1,
    headLine: start.line,
    headColumn: start.column + 1,
    bodyLine: end.line,
    bodyColumn: end.column + 1,
    endLine: end.line,
    endColumn: end.column + 1,
    calls: [],
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
    !isBefore({ line, column }, fn.headLine, fn.headColumn) &&
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

/** The function in whose head, from its first character to its body, or at whose name a position is. */
export function headAt(
  functions: readonly SourceFunction[],
  line: number,
  column: number
): SourceFunction | undefined {
  const position = { line, column }
  return functions.findLast(
    (fn) =>
      contains(fn, position) &&
      (isBefore(position, fn.bodyLine, fn.bodyColumn) || (line === fn.line && column === fn.column))
  )
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
  const next = functions.find((fn) => fn.line === line && fn.column >= column)
  return headAt(functions, line, column) ?? next ?? functionAround(functions, line, column)
}
