import type { AnyNode } from './syntax.ts'
import { isNode } from './syntax.ts'

/** Lines from 1. */
export interface LineRange {
  first: number
  last: number
}

/** What no statement ends with: an operator, an opening bracket, a comma, a word that something must follow. */
const GOES_ON =
  /[^\w$)\]}'"`;/\s]$|(?<![\w$.])(?:await|const|default|export|extends|in|instanceof|let|new|typeof|var|void)$/

/** A text, which is kept, or a comment. What does not end goes on to the end of the line. */
const TEXT_OR_COMMENT =
  /("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`(?:\\.|[^`\\])*`?)|\/\/.*|\/\*(?:.*?\*\/|.*)/g

/**
 * The lines of the statement around a line which stands in no other one, as far as the layout tells it: a statement
 * begins at the left margin with a word, and the line before it may end one. Of text with another layout it gives too
 * much, or what cannot be parsed, or what means something else in its place: see `dependsOnOthers`.
 */
export function outerStatement(lines: readonly string[], line: number): LineRange {
  let first = line
  while (first > 1 && !isBeginning(lines, first)) {
    first--
  }
  let last = line
  while (last < lines.length && !isBeginning(lines, last + 1)) {
    last++
  }
  return { first, last }
}

function isBeginning(lines: readonly string[], line: number): boolean {
  return /^[\w$@]/.test(lines[line - 1]!) && !GOES_ON.test(codeBefore(lines, line))
}

/** The code of the last line before `line` that has any, without its comments; empty for none. */
function codeBefore(lines: readonly string[], line: number): string {
  for (let before = line - 1; before > 0; before--) {
    if (/^(?!.*\/\*).*\*\/\s*$/.test(lines[before - 1]!)) {
      while (before > 1 && !lines[before - 1]!.includes('/*')) {
        before--
      }
    }
    const code = lines[before - 1]!.replace(TEXT_OR_COMMENT, '$1').trim()
    if (code !== '') {
      return code
    }
  }
  return ''
}

/**
 * Whether functions in text that was cut out of a file may be called otherwise because of a node: a statement that
 * could be a member of a class or an object (`list = async () => {}`, `list: () => {}`) or a part of a function, and a
 * `this` whose class is not there.
 */
export function dependsOnOthers(node: AnyNode, ancestors: readonly AnyNode[]): boolean {
  if (node.type === 'ThisExpression') {
    return !ancestors.some(({ type }) => type === 'ClassBody')
  }
  return node.type === 'Program' && !(node.body as AnyNode[]).every(isOuterStatement)
}

/** A declaration, a call, or an assignment to a member of something. */
function isOuterStatement({ type, expression }: AnyNode): boolean {
  if (type !== 'ExpressionStatement' || !isNode(expression)) {
    return /Declaration$|^TS|^EmptyStatement$/.test(type)
  }
  const { argument, left } = expression
  const inner = expression.type === 'AwaitExpression' && isNode(argument) ? argument : expression
  return (
    /^(Optional)?CallExpression$|^NewExpression$/.test(inner.type) ||
    (isNode(left) && left.type === 'MemberExpression')
  )
}
