import { readFileSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FunctionExtent, SourceReader } from '../../src/normalize/jsc-frames.ts'
import type { Initializer } from '../../src/source/initializers.ts'
import { initializersOf } from '../../src/source/initializers.ts'
import type { AnyNode } from '../../src/source/syntax.ts'
import { isFunction, isNode, isScript, visitSyntax } from '../../src/source/syntax.ts'
import { ownFiles } from '../common/own-files.ts'
import { computedName, placeKey } from './computed-names.ts'

/** A file this long is a bundle, in which looking for functions takes longer than it is worth. */
const LONGEST_FILE = 2_000_000

/** Nobody asks where the profiler's own functions are defined, and looking would take time from the request. */
const OWN_PACKAGE = /[\\/]node_modules[\\/]hono-profiler[\\/]/

/** Files change while a program is developed, so they are looked at again after this many milliseconds. */
const FRESH_MS = 1000

interface SourceFile {
  checkedMs: number
  modifiedMs: number
  /** An outer function before its inner ones. */
  functions: FunctionExtent[]
  found: Map<string, FunctionExtent | undefined>
}

const files = new Map<string, SourceFile>()

/** Finds the innermost function around a position, in the source that Bun's source maps lead to. */
export const functionAt: SourceReader['functionAt'] = (url, line, column) => {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  if (
    !isAbsolute(path) ||
    OWN_PACKAGE.test(path) ||
    ownFiles().some((own) => path.startsWith(own))
  ) {
    return undefined
  }
  const { functions, found } = sourceFile(path)
  const key = `${line}:${column}`
  if (!found.has(key)) {
    found.set(
      key,
      functions.findLast((extent) => contains(extent, line, column))
    )
  }
  return found.get(key)
}

function contains(extent: FunctionExtent, line: number, column: number): boolean {
  const { endLine, endColumn } = extent
  const isBegun = line > extent.line || (line === extent.line && column >= extent.column)
  return isBegun && (line < endLine || (line === endLine && column < endColumn))
}

function sourceFile(path: string): SourceFile {
  const known = files.get(path)
  const nowMs = Date.now()
  if (known && nowMs - known.checkedMs < FRESH_MS) {
    return known
  }
  const stat = statSync(path, { throwIfNoEntry: false })
  const modifiedMs = stat?.mtimeMs ?? 0
  if (known?.modifiedMs === modifiedMs) {
    known.checkedMs = nowMs
    return known
  }
  const isReadable = stat !== undefined && stat.size < LONGEST_FILE && isScript(path)
  const functions = isReadable ? readFunctions(path) : []
  const file = { checkedMs: nowMs, modifiedMs, functions, found: new Map() }
  files.set(path, file)
  return file
}

function readFunctions(path: string): FunctionExtent[] {
  const functions: FunctionExtent[] = []
  const names = new Map<unknown, string>()
  try {
    visitSyntax(path, readFileSync(path, 'utf8'), (node) => {
      nameValue(node, names)
      if (node.type === 'ClassBody') {
        functions.push(...initializersOf(node).map(extentOf))
      }
      if (isFunction(node)) {
        const { start, end } = node.loc
        const name = nameOf(node.id ?? (node.computed ? undefined : node.key)) || names.get(node)
        const place = placeKey(path, start.line, start.column + 1)
        functions.push({
          // A key is computed only when the program comes to it.
          get name() {
            return name ?? computedName(place)
          },
          line: start.line,
          column: start.column + 1,
          endLine: end.line,
          endColumn: end.column + 1,
        })
      }
    })
  } catch {
    // What Babel cannot parse, but Bun can, is known by the names of its functions.
    return []
  }
  return functions
}

function extentOf({ start, end }: Initializer): FunctionExtent {
  return {
    name: '',
    line: start.line,
    column: start.column + 1,
    endLine: end.line,
    endColumn: end.column + 1,
  }
}

/** A function without a name of its own is called what it is assigned to. */
function nameValue(node: AnyNode, names: Map<unknown, string>): void {
  const value = node.init ?? node.value ?? node.right
  const target = node.id ?? node.key ?? node.left
  if (value && target && !node.computed) {
    names.set(value, nameOf(target))
  }
}

/** The name that an identifier, a private name or a literal key gives. */
function nameOf(key: unknown): string {
  if (!isNode(key)) {
    return ''
  }
  const { name, value, id } = key
  if (key.type === 'PrivateName') {
    return `#${nameOf(id)}`
  }
  return key.type === 'Identifier' || key.type === 'StringLiteral' ? String(name ?? value) : ''
}
