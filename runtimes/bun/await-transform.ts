import type { AnyNode } from '../../src/source/syntax.ts'
import { isFunction, visitSyntax } from '../../src/source/syntax.ts'
import { AWAIT, CALL } from './await-sites.ts'

/** Text put into a line of a file. Columns from 1, as they were before; one after the other. */
export interface Insertion {
  line: number
  column: number
  text: string
}

export interface Transformed {
  /** Undefined when there is nothing to rewrite, or the file is not an ECMAScript module. */
  text: string | undefined
  insertions: Insertion[]
  /** What is imported `with { type: ... }`, by its specifier: as text, say, and not as a module. */
  typedImports: string[]
}

const ESM_SYNTAX = new Set([
  'ExportAllDeclaration',
  'ExportDefaultDeclaration',
  'ExportNamedDeclaration',
  'ImportDeclaration',
  'MetaProperty',
])

/** Expressions whose value is that of an operand, and which of their operands those are. */
const PASSING: Record<string, string[]> = {
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['right'],
  ParenthesizedExpression: ['expression'],
  SequenceExpression: ['expressions'],
  TSAsExpression: ['expression'],
  TSNonNullExpression: ['expression'],
  TSSatisfiesExpression: ['expression'],
}

const CALLS = new Set(['CallExpression', 'OptionalCallExpression', 'TaggedTemplateExpression'])

/**
 * Rewrites `await x` to `await  f(x)`, where `f` tells the profiler the line; and `return x()` of a function that is
 * not async to `return  g(x())`, because JSC leaves the caller of a last call out of all stacks. Lines stay where they
 * are.
 *
 * @throws SyntaxError When the file cannot be parsed.
 */
export function transformAwaits(path: string, text: string): Transformed {
  const edits: (Insertion & { at: number })[] = []
  const enclosing: AnyNode[] = []
  const typedImports: string[] = []
  const esmSyntax = new Set<string>()
  const wrap = ({ start, end, loc }: AnyNode, name: string): void => {
    const { start: first, end: last } = loc
    edits.push({ at: start, line: first.line, column: first.column + 1, text: ` ${name}(` })
    edits.push({ at: end, line: last.line, column: last.column + 1, text: ')' })
  }
  visitSyntax(path, text, (node) => {
    if (ESM_SYNTAX.has(node.type)) {
      esmSyntax.add(node.type)
    }
    if (node.type === 'ImportDeclaration' && (node.attributes as unknown[]).length > 0) {
      typedImports.push((node.source as { value: string }).value)
    }
    while (enclosing.length > 0 && enclosing.at(-1)!.end <= node.start) {
      enclosing.pop()
    }
    if (node.type === 'AwaitExpression') {
      wrap(node.argument as AnyNode, AWAIT)
    }
    const result = resultOf(node, enclosing.at(-1))
    if (result && endsInCall(result)) {
      wrap(result, CALL)
    }
    if (isFunction(node)) {
      enclosing.push(node)
    }
  })
  if (edits.length === 0 || esmSyntax.size === 0) {
    return { text: undefined, insertions: [], typedImports }
  }
  // Where one operand ends with another, both texts are the same, so their order does not matter.
  edits.sort((a, b) => a.at - b.at)
  return { text: apply(text, edits), insertions: edits, typedImports }
}

/** The expression that a function returns in this node, where it could return the result of a last call. */
function resultOf(node: AnyNode, enclosing: AnyNode | undefined): AnyNode | undefined {
  const fn = node.type === 'ReturnStatement' ? enclosing : node
  if (!fn || fn.async || fn.generator) {
    return undefined
  }
  if (node.type === 'ReturnStatement') {
    return (node.argument as AnyNode | null) ?? undefined
  }
  return node.type === 'ArrowFunctionExpression' ? (node.body as AnyNode) : undefined
}

function endsInCall(node: AnyNode): boolean {
  return (
    CALLS.has(node.type) ||
    (PASSING[node.type] ?? [])
      .flatMap((key) => node[key] as AnyNode | AnyNode[])
      .some((operand) => endsInCall(operand))
  )
}

function apply(text: string, edits: { at: number; text: string }[]): string {
  let result = ''
  let from = 0
  for (const edit of edits) {
    result += text.slice(from, edit.at) + edit.text
    from = edit.at
  }
  return result + text.slice(from)
}
