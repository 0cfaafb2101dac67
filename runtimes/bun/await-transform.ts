import type { AnyNode } from '../../src/source/syntax.ts'
import { isFunction, isNode, visitSyntax } from '../../src/source/syntax.ts'
import { AWAIT, CALL, ITERATE, KEY } from './await-sites.ts'
import { placeKey } from './computed-names.ts'

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
  /** The modules that it imports, by their specifiers. */
  imports: string[]
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
 * not async to `return  g(x())`, because JSC leaves the caller of a last call out of all stacks. What `for await`
 * iterates over and computed keys of functions are put into calls as well. Lines stay where they are.
 *
 * @throws SyntaxError When the file cannot be parsed.
 */
export function transformAwaits(path: string, text: string): Transformed {
  const edits: (Insertion & { at: number })[] = []
  const enclosing: AnyNode[] = []
  const imports: string[] = []
  const typedImports: string[] = []
  const esmSyntax = new Set<string>()
  const wrap = ({ start, end, loc }: AnyNode, name: string, argument = ''): void => {
    const { start: first, end: last } = loc
    const opening = ` ${name}(${argument}`
    edits.push({ at: start, line: first.line, column: first.column + 1, text: opening })
    edits.push({ at: end, line: last.line, column: last.column + 1, text: ')' })
  }
  visitSyntax(path, text, (node) => {
    if (ESM_SYNTAX.has(node.type)) {
      esmSyntax.add(node.type)
    }
    const specifier = specifierIn(node)
    if (specifier !== undefined) {
      const isTyped = ((node.attributes ?? []) as unknown[]).length > 0
      ;(isTyped ? typedImports : imports).push(specifier)
    }
    while (enclosing.length > 0 && enclosing.at(-1)!.end <= node.start) {
      enclosing.pop()
    }
    if (node.type === 'AwaitExpression') {
      wrap(node.argument as AnyNode, AWAIT)
    } else if (node.type === 'ForOfStatement' && node.await) {
      wrap(node.right as AnyNode, ITERATE)
    }
    const named = functionOfComputedKey(node)
    if (named) {
      const { line, column } = named.loc.start
      const place = JSON.stringify(placeKey(path, line, column + 1))
      wrap(node.key as AnyNode, KEY, `${place}, `)
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
    return { text: undefined, insertions: [], imports, typedImports }
  }
  // Where one operand ends with another, both texts are the same, so their order does not matter.
  edits.sort((a, b) => a.at - b.at)
  return { text: apply(text, edits), insertions: edits, imports, typedImports }
}

/** What a node imports while the program runs, where its text says so. */
function specifierIn(node: AnyNode): string | undefined {
  if (node.importKind === 'type' || node.exportKind === 'type') {
    return undefined
  }
  // `import()` with options may import something else than a module.
  const [dynamic, ...options] = isDynamicImport(node) ? (node.arguments as AnyNode[]) : []
  const source = (options.length > 0 ? undefined : dynamic) ?? node.source
  return isNode(source) && source.type === 'StringLiteral' ? (source.value as string) : undefined
}

function isDynamicImport({ type, callee }: AnyNode): boolean {
  return type === 'CallExpression' && isNode(callee) && callee.type === 'Import'
}

/** The function that a computed key names. */
function functionOfComputedKey(node: AnyNode): AnyNode | undefined {
  if (!node.computed || !isNode(node.key)) {
    return undefined
  }
  if (isFunction(node)) {
    return node
  }
  return isNode(node.value) && isFunction(node.value) ? node.value : undefined
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
