import type { CapturedFrame, CapturedFunction, OriginalPosition } from '../adapter.ts'
import type { FunctionRecord, Origin } from '../session/records.ts'

const ANONYMOUS = '(anonymous)'
const OWN_PACKAGE = 'hono-profiler'

/** Columns that may stand between a function's first token and its parameters, its name not counted. */
const LONGEST_PREFIX = 'static async function * '.length

/** What paths are compared with. */
export interface PathRules {
  /** The project's directory, to which paths are shown relative; empty for none. */
  projectRoot: string
  /** Beginnings of the paths of this package's own files, where it is not in `node_modules`. */
  ownFiles: readonly string[]
}

/** The same for functions without a name, which may stand close together: only what can really stand there. */
const NAMELESS_PREFIXES = new Set(
  ['function', 'function ', 'function* '].flatMap((start) => [
    start.length,
    start.length + 'async '.length,
  ])
)

interface Definition {
  index: number
  column: number
  isAtToken: boolean
}

/** Interns functions and says whose they are. A function is where it is defined, not what it is called. */
export class FunctionTable {
  readonly records: FunctionRecord[] = []
  readonly #byKey = new Map<string, number>()
  readonly #byName = new Map<string, Definition[]>()
  readonly #byFunction = new WeakMap<CapturedFunction, number>()
  readonly #paths: PathRules
  readonly #originalPosition: OriginalPosition

  constructor(
    { projectRoot, ownFiles }: PathRules,
    originalPosition: OriginalPosition = () => undefined
  ) {
    this.#originalPosition = originalPosition
    this.#paths = { projectRoot: filePathOf(projectRoot).replace(/\/$/, ''), ownFiles }
  }

  /** The position of a function in `records`. */
  intern(captured: CapturedFunction): number {
    let index = this.#byFunction.get(captured)
    if (index === undefined) {
      index = this.#find(captured)
      this.#byFunction.set(captured, index)
    }
    return index
  }

  /** The line that a frame executes, in the source; 0 when it is unknown. */
  lineOf({ function: fn, line, column }: CapturedFrame): number {
    const { url } = fn
    if (line <= 0) {
      return 0
    }
    if (column > 0) {
      return this.#originalPosition(url, line, column)?.line ?? line
    }
    // Without its column, a line of transpiled code can stand for many lines of the source.
    const isTranspiled = this.#originalPosition(url, fn.line, fn.column) !== undefined
    return isTranspiled ? 0 : line
  }

  #find(captured: CapturedFunction): number {
    const file = filePathOf(captured.url)
    const key =
      file && captured.line > 0
        ? `${file}:${captured.line}:${captured.column}`
        : `${file} ${captured.name}`
    const known = this.#byKey.get(key) ?? this.#otherEnd(captured, file)
    if (known !== undefined) {
      this.#byKey.set(key, known)
      this.#improveName(known, captured.name)
      return known
    }
    const index = this.records.push(this.#describe(captured, file)) - 1
    this.#byKey.set(key, index)
    this.#define(captured, file, index)
    return index
  }

  /** The same function as V8 names it elsewhere: its first token for its parameters, or the other way round. */
  #otherEnd({ name, line, column, isAtToken }: CapturedFunction, file: string): number | undefined {
    let best: Definition | undefined
    for (const other of this.#byName.get(`${file}:${line}:${name}`) ?? []) {
      const distance = isAtToken ? other.column - column : column - other.column
      const isSame =
        other.isAtToken !== Boolean(isAtToken) &&
        (name === ''
          ? NAMELESS_PREFIXES.has(distance)
          : distance >= 0 && distance <= name.length + LONGEST_PREFIX)
      if (isSame && (!best || Math.abs(other.column - column) < Math.abs(best.column - column))) {
        best = other
      }
    }
    return best?.index
  }

  #define({ name, line, column, isAtToken }: CapturedFunction, file: string, index: number): void {
    const key = `${file}:${line}:${name}`
    const definition = { index, column, isAtToken: Boolean(isAtToken) }
    this.#byName.set(key, [...(this.#byName.get(key) ?? []), definition])
  }

  /** Samplers and call sites do not agree on the names of anonymous functions: any name is better than none. */
  #improveName(index: number, name: string): void {
    const record = this.records[index]!
    if (record.name === ANONYMOUS && name) {
      record.name = name
    }
  }

  #describe(captured: CapturedFunction, transpiled: string): FunctionRecord {
    const { name, url } = captured
    const original =
      captured.line > 0 ? this.#originalPosition(url, captured.line, captured.column) : undefined
    const { line, column } = original ?? captured
    const file = original ? filePathOf(original.file) : transpiled
    const { origin, fileShort, package: owner } = locate(file, this.#paths)
    const record: FunctionRecord = {
      name: name || ANONYMOUS,
      file,
      fileShort,
      line: Math.max(line, 0),
      column: Math.max(column, 0),
      origin,
    }
    return owner === undefined ? record : { ...record, package: owner }
  }
}

/** A script's path: `file:` URLs become paths, with forward slashes; other URLs stay as they are. */
export function filePathOf(url: string): string {
  if (!url.startsWith('file:')) {
    return url.replaceAll('\\', '/')
  }
  let path = url.replace(/^file:\/\//, '').replace(/[?#].*$/, '')
  try {
    path = decodeURIComponent(path)
  } catch {
    // A path with a bare `%` is not encoded at all.
  }
  return path.replace(/^\/([A-Za-z]:\/)/, '$1')
}

/** Whose file it is, and its short name. */
export function locate(
  file: string,
  { projectRoot, ownFiles }: PathRules
): { origin: Origin; fileShort: string; package?: string } {
  if (file === '') {
    return { origin: 'native', fileShort: '' }
  }
  if (/^(node|bun|deno|ext|cloudflare|workerd|internal|evalmachine|wasm):/.test(file)) {
    return { origin: 'runtime', fileShort: file }
  }
  const modules = file.lastIndexOf('/node_modules/')
  if (modules >= 0) {
    const fileShort = file.slice(modules + '/node_modules/'.length)
    const owner = /^(@[^/]+\/)?[^/]+/.exec(fileShort)![0]
    const origin = owner === OWN_PACKAGE ? 'profiler' : 'library'
    return { origin, fileShort, package: owner }
  }
  if (ownFiles.some((prefix) => file.startsWith(prefix))) {
    return { origin: 'profiler', fileShort: file }
  }
  const isInside = projectRoot !== '' && file.startsWith(`${projectRoot}/`)
  return { origin: 'app', fileShort: isInside ? file.slice(projectRoot.length + 1) : file }
}
