import { parse } from '@babel/parser'
import type { ParserPlugin } from '@babel/parser'

/** A node of a syntax tree, as far as it is used here. Lines count from 1, columns from 0. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  loc: { start: Place; end: Place }
}

/** Lines count from 1, columns from 0. */
export interface Place {
  line: number
  column: number
}

export type AnyNode = SyntaxNode & Record<string, unknown>

const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'ClassMethod',
  'ClassPrivateMethod',
  'FunctionDeclaration',
  'FunctionExpression',
  'ObjectMethod',
])

/** Whether a node is a function with a body. */
export function isFunction({ type }: SyntaxNode): boolean {
  return FUNCTIONS.has(type)
}

const SCRIPT_FILE = /\.([cm]?)([jt])s(x?)$/

/** Whether a path is that of a file which `parseScript` can read. */
export function isScript(path: string): boolean {
  return SCRIPT_FILE.test(path)
}

/** Is given a node and what surrounds it, outermost first: a list that changes afterwards. */
export type SyntaxVisitor = (node: AnyNode, ancestors: readonly AnyNode[]) => void

/**
 * Parses a file of JavaScript or TypeScript, and calls `visit` with each of its nodes, an outer node before its inner
 * ones, in order of the text.
 *
 * @param startLine The line at which the text begins in the file.
 * @throws SyntaxError When it cannot be parsed.
 */
export function visitSyntax(path: string, text: string, visit: SyntaxVisitor, startLine = 1): void {
  const ancestors: AnyNode[] = []
  const pending: { node: AnyNode; depth: number }[] = []
  const push = (value: unknown, depth: number): void => {
    if (isNode(value)) {
      pending.push({ node: value, depth })
    }
  }
  push(parseScript(path, text, startLine), 0)
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next
    ancestors.length = depth
    visit(node, ancestors)
    ancestors.push(node)
    const children = Object.values(node).flat()
    for (let i = children.length - 1; i >= 0; i--) {
      push(children[i], depth + 1)
    }
  }
}

function parseScript(path: string, text: string, startLine: number): unknown {
  const [, , language, isMarkup] = SCRIPT_FILE.exec(path) ?? []
  const plugins: ParserPlugin[] = ['decorators-legacy', 'decoratorAutoAccessors']
  if (language === 't') {
    plugins.push('typescript')
  }
  if (language === 'j' || isMarkup) {
    plugins.push('jsx')
  }
  const options = {
    plugins,
    startLine,
    createParenthesizedExpressions: true,
    attachComment: false,
  }
  try {
    return parse(text, { ...options, sourceType: 'module' }).program
  } catch {
    // Modules are strict; an older script may use what only scripts can.
    return parse(text, { ...options, sourceType: 'commonjs' }).program
  }
}

/** Whether a value is a node. */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value
}
