import type { AnyNode } from './syntax.ts'
import { isFunction, isNode } from './syntax.ts'

/** What surrounds a node, outermost first. */
export type Ancestors = readonly AnyNode[]

const METHODS = new Set(['get', 'post', 'put', 'delete', 'patch', 'options', 'head', 'all'])

/** Wrappers that hand on the function they are given: what they give is it. */
const TRANSPARENT = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'ConditionalExpression',
  'LogicalExpression',
])

/**
 * The name of a function: its own, with its class; else that of what it is assigned to; else the route that it
 * handles, or the function that makes it. Empty for none.
 */
export function functionName(fn: AnyNode, ancestors: Ancestors): string {
  switch (fn.type) {
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return methodName(fn, ancestors)
    case 'ObjectMethod':
      return accessor(fn, keyName(fn))
    default:
      return keyOf(fn.id) || assignedName(fn, ancestors)
  }
}

function methodName(fn: AnyNode, ancestors: Ancestors): string {
  const owner = className(ancestors)
  if (fn.kind === 'constructor') {
    return owner ? `new ${owner}` : 'constructor'
  }
  return accessor(fn, member(owner, keyName(fn)))
}

function accessor({ kind }: AnyNode, name: string): string {
  return kind === 'get' || kind === 'set' ? `${kind} ${name}` : name
}

function member(owner: string, name: string): string {
  return owner && name ? `${owner}.${name}` : name
}

/** The name of the innermost class around something; empty for none. */
export function className(ancestors: Ancestors): string {
  const index = ancestors.findLastIndex(({ type }) => /^Class(Declaration|Expression)$/.test(type))
  const node = ancestors[index]
  if (!node) {
    return ''
  }
  const own = keyOf(node.id)
  const assigned = assignedName(node, ancestors.slice(0, index))
  // Bundlers name a class that mentions itself `_Orders`, and the variable as it was.
  return own === '' || own === `_${assigned}` ? assigned : own
}

/**
 * The name that the place of an expression gives to a nameless function or class.
 *
 * @param fn The function or class, where the expression is a call that wraps it.
 */
function assignedName(node: AnyNode, ancestors: Ancestors, fn = node): string {
  let at = ancestors.length - 1
  while (at >= 0 && TRANSPARENT.has(ancestors[at]!.type)) {
    at--
  }
  const parent = ancestors[at]
  const outer = ancestors.slice(0, Math.max(at, 0))
  switch (parent?.type) {
    case 'VariableDeclarator':
      return keyOf(parent.id)
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return targetName(parent.left, outer)
    case 'ObjectProperty':
      return keyName(parent)
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return member(className(outer), keyName(parent))
    case 'ExportDefaultDeclaration':
      return 'default'
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return argumentName(node, parent, outer, fn)
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
      return madeName(node, parent, outer)
    default:
      return ''
  }
}

/** `total`, `#total`, `'a key'`; empty for what is computed. */
function keyName({ key, computed }: AnyNode): string {
  return computed && isNode(key) && key.type !== 'StringLiteral' ? '' : keyOf(key)
}

function keyOf(key: unknown): string {
  if (!isNode(key)) {
    return ''
  }
  switch (key.type) {
    case 'Identifier':
      return String(key.name)
    case 'StringLiteral':
    case 'NumericLiteral':
      return String(key.value)
    case 'PrivateName':
      return `#${keyOf(key.id)}`
    default:
      return ''
  }
}

const EXPORTS = new Set(['exports', 'module.exports'])

/** What is assigned to: `module.exports.list` is `list`, `Orders.prototype.load` and, in a class, `this.load` are `Orders.load`. */
function targetName(target: unknown, ancestors: Ancestors): string {
  if (!isNode(target) || target.type !== 'MemberExpression') {
    return keyOf(target)
  }
  const name = target.computed && !isLiteral(target.property) ? '' : keyOf(target.property)
  const { object } = target
  if (isNode(object) && object.type === 'ThisExpression') {
    return member(className(ancestors), name)
  }
  const owner = targetName(object, ancestors).replace(/\.prototype$/, '')
  return EXPORTS.has(owner) ? name : member(owner, name)
}

function isLiteral(node: unknown): boolean {
  return isNode(node) && node.type === 'StringLiteral'
}

/**
 * A function given to a call: a route's handler, what a variable or a route gets by way of `createMiddleware(...)`, else
 * `sort callback` or `new Promise callback`.
 */
function argumentName(argument: AnyNode, call: AnyNode, ancestors: Ancestors, fn: AnyNode): string {
  if (!(call.arguments as unknown[]).includes(argument)) {
    return ''
  }
  const made = isWrapper(call) ? assignedName(call, ancestors, fn) : ''
  return isFunction(fn) ? routeName(argument, call, fn) || made || callbackName(call) : made
}

function callbackName({ type, callee }: AnyNode): string {
  const called = isNode(callee) && isNode(callee.property) ? callee.property : callee
  const name = isNode(called) && called.type === 'Identifier' ? String(called.name) : ''
  return name && `${type === 'NewExpression' ? 'new ' : ''}${name} callback`
}

/** What makes a middleware or handler out of a function, by the names that Hono and most others give to it. */
function isWrapper({ callee }: AnyNode): boolean {
  const name = isNode(callee) && callee.type === 'MemberExpression' ? callee.property : callee
  return /^(create|define|make|with|wrap|instrument|memo|cache|debounce|throttle|promisify|async)/i.test(
    keyOf(name)
  )
}

/** `GET /orders/:id handler`, by `app.get('/orders/:id', ...)`; `ALL /api/* middleware` by `app.use('/api/*', ...)`. */
function routeName(
  argument: AnyNode,
  { callee, arguments: given }: AnyNode,
  { params }: AnyNode
): string {
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed) {
    return ''
  }
  const method = keyOf(callee.property)
  const [first, second] = given as AnyNode[]
  const kind = (params as unknown[]).length > 1 ? 'middleware' : 'handler'
  if (method === 'on') {
    const named = first && second && pathOf(second)
    return named ? `${pathOf(first).toUpperCase()} ${named} ${kind}` : ''
  }
  const path = first ? pathOf(first) : ''
  if (method === 'use') {
    return path || first === argument ? `ALL ${path || '*'} middleware` : ''
  }
  const isRoute = METHODS.has(method) && (path.startsWith('/') || path === '*')
  // `app.get(handler)` goes on with the path of the call before, or all paths.
  return isRoute ? `${method.toUpperCase()} ${path} ${kind}` : ''
}

/** A literal path, or the paths of a list. */
function pathOf(node: AnyNode): string {
  if (node.type === 'StringLiteral') {
    return String(node.value)
  }
  if (node.type === 'ArrayExpression') {
    return (node.elements as unknown[]).filter(isNode).map(pathOf).join(', ')
  }
  const { quasis } = node as { quasis?: { value: { cooked: string } }[] }
  return node.type === 'TemplateLiteral' && quasis?.length === 1 ? quasis[0]!.value.cooked : ''
}

/** A function that another one returns, as factories of middleware do: by the factory's name. */
function madeName(fn: AnyNode, parent: AnyNode, ancestors: Ancestors): string {
  const isArrow = parent.type === 'ArrowFunctionExpression'
  const index = isArrow
    ? ancestors.length
    : ancestors.findLastIndex(({ type }) => /Function|Method/.test(type))
  const maker = isArrow ? parent : ancestors[index]
  if (!maker || (isArrow && parent.body !== fn)) {
    return ''
  }
  const name = functionName(maker, ancestors.slice(0, index))
  const [first, second] = (fn.params ?? []) as AnyNode[]
  if (!name || !/^_?(c|ctx|context)$/.test(first ? keyOf(first) : '')) {
    return name && `function from ${name}`
  }
  return `${name} ${second ? 'middleware' : 'handler'}`
}
