import type { CapturedFrame, CapturedFunction, SourceFunction, SourceLookup } from '../adapter.ts'
import type { FunctionRecord } from '../session/records.ts'
import type { PathRules } from './paths.ts'
import { filePathOf, locate } from './paths.ts'

const ANONYMOUS = '(anonymous)'

/** Columns that may stand between a function's first token and its parameters, its name not counted. */
const LONGEST_PREFIX = 'static async function * '.length

/** The same for functions without a name, which may stand close together: only what can really stand there. */
const NAMELESS_PREFIXES = new Set(
  ['function', 'function ', 'function* '].flatMap((start) => [
    start.length,
    start.length + 'async '.length,
  ])
)

/** Lines of a source that one line of what runs may stand for; a minified line stands for thousands. */
const MAX_LINES = 30

/** A function on a stack, and the line that it executes; 0 when it is unknown. */
export interface InternedFrame {
  fn: number
  line: number
  /** Whether it awaits, further out than what it called. */
  isSuspended?: boolean
}

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
  readonly #sources: Partial<SourceLookup>
  /** The functions of `records` as they are written, where that is known. */
  readonly #written: (SourceFunction | undefined)[] = []

  /** @param sources What is known of the text of what ran. */
  constructor(paths: PathRules, sources: Partial<SourceLookup> = {}) {
    this.#sources = sources
    this.#paths = paths
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

  /** Short names of files that a transform put on fewer lines, so that the lines of a function are not told apart. */
  readonly joinedFiles: Set<string> = new Set()

  /**
   * A frame as it is written. Where an engine put the code of a callee into its caller, that is a frame of its own.
   *
   * @param callee What the frame calls, if it is not the innermost one.
   */
  framesOf(frame: CapturedFrame, callee?: CapturedFunction): InternedFrame[] {
    const fn = this.intern(frame.function)
    const written = this.#written[fn]
    const line = this.lineOf(frame) || (callee && written ? this.#callLine(frame, callee) : 0)
    if (line === 0 || !written || (line >= written.line && line <= written.endLine)) {
      return [{ fn, line }]
    }
    const inlined = this.#sources.functions!(this.records[fn]!.file)!.inlinedAt(written, line)
    const frames = [{ fn, line: 0 }]
    for (const callee of inlined) {
      frames.push({ fn: this.#internWritten(fn, callee), line: 0 })
    }
    if (inlined.length > 0) {
      frames.at(-1)!.line = line
    }
    return frames
  }

  /** The line that a frame executes, in the source; 0 when it is unknown. */
  lineOf({ function: fn, line, column }: CapturedFrame): number {
    const { url } = fn
    if (line <= 0) {
      return 0
    }
    if (column > 0) {
      return this.#sources.position?.(url, line, column)?.line ?? line
    }
    const isTranspiled = this.#sources.position?.(url, fn.line, fn.column) !== undefined
    return isTranspiled ? this.#firstLineOf(fn, line) : line
  }

  /** Without its column, a line of transpiled code can stand for many lines of the source. */
  #firstLineOf(fn: CapturedFunction, line: number): number {
    const lines = this.#sources.linesOf?.(fn.url, line)
    const index = this.intern(fn)
    const { line: start = 0, endLine: end = 0 } = this.#written[index] ?? {}
    if (lines && end > start + 1 && lines.first <= start && lines.last >= end - 1) {
      this.joinedFiles.add(this.records[index]!.fileShort)
    }
    return lines && lines.last - lines.first <= MAX_LINES ? lines.first : 0
  }

  /** The line on which a function calls another one, by its text: where it was seen to be close to, or the only one. */
  #callLine({ function: fn, near }: CapturedFrame, callee: CapturedFunction): number {
    const { calls, line, endLine } = this.#written[this.intern(fn)]!
    const name = /#?[\w$]+$/.exec(this.records[this.intern(callee)]!.name)?.[0]
    const lines = calls.filter((call) => call.name === name).map((call) => call.line)
    const seen = near ? this.lineOf({ function: fn, ...near }) : 0
    if (seen <= line || seen > endLine) {
      return new Set(lines).size === 1 ? lines[0]! : 0
    }
    return lines.length === 0
      ? seen
      : lines.reduce((a, b) => (distance(b, seen) < distance(a, seen) ? b : a))
  }

  /** Another function of the file of a function that is known. */
  #internWritten(neighbour: number, written: SourceFunction): number {
    const { file, fileShort, origin } = this.records[neighbour]!
    const key = `${file} written ${written.line}:${written.column}`
    let index = this.#byKey.get(key)
    if (index === undefined) {
      const { name, line, column } = written
      const record = { name: name || ANONYMOUS, file, fileShort, line, column, origin }
      index = this.records.push(record) - 1
      this.#written[index] = written
      this.#byKey.set(key, index)
    }
    return index
  }

  #find(captured: CapturedFunction): number {
    const file = filePathOf(captured.url)
    const { within } = captured
    let key =
      file && captured.line > 0
        ? `${file}:${captured.line}:${captured.column}`
        : `${file} ${captured.name || (within ? `around ${within.line}:${within.column}` : '')}`
    let known = this.#byKey.get(key) ?? this.#otherEnd(captured, file)
    if (known !== undefined && this.#isNamesake(known, captured.name)) {
      key += ` ${captured.name}`
      known = this.#byKey.get(key)
    }
    if (known !== undefined) {
      this.#byKey.set(key, known)
      this.#improveName(known, captured.name)
      return known
    }
    const { record, written } = this.#describe(captured, file)
    const writtenKey = written ? `${record.file} written ${written.line}:${written.column}` : key
    const index = this.#byKey.get(writtenKey) ?? this.records.push(record) - 1
    this.#written[index] ??= written
    this.#byKey.set(key, index)
    this.#byKey.set(writtenKey, index)
    this.#define(captured, file, index)
    return index
  }

  /**
   * Whether a function of the runtime only has the place of another one: all that `util.promisify` gives are one
   * function in its source, each with the name of what it stands for.
   */
  #isNamesake(index: number, name: string): boolean {
    const record = this.records[index]!
    const isNamed = record.name !== ANONYMOUS && name !== ''
    return record.origin === 'runtime' && isNamed && !mayBeSame(record.name, name)
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
    const written = this.#written[index]
    if (record.name === ANONYMOUS && name && (!written || written.isComputed)) {
      record.name = name
    }
  }

  #describe(
    captured: CapturedFunction,
    transpiled: string
  ): { record: FunctionRecord; written: SourceFunction | undefined } {
    const { url } = captured
    const isPlaced = captured.line > 0
    const original = isPlaced
      ? this.#sources.position?.(url, captured.line, captured.column)
      : undefined
    const position = original ?? captured
    const file = original ? filePathOf(original.file) : transpiled
    const inFile = this.#sources.functions?.(file)
    const { name, within } = captured
    const found = isPlaced
      ? inFile?.definedAt(position.line, position.column)
      : name === '' && within
        ? inFile?.around(within.line, within.column)
        : inFile?.named(name)
    // Without a map, what ran may be the work of a transform that left none behind: then names differ.
    const written = original || mayBeSame(found?.name, captured.name) ? found : undefined
    const { line, column } = written ?? position
    const { origin, fileShort, package: owner } = locate(file, this.#paths)
    const record: FunctionRecord = {
      name: nameAsWritten(written) ?? (this.#nameOf(captured) || ANONYMOUS),
      file,
      fileShort,
      line: Math.max(line, 0),
      column: Math.max(column, 0),
      origin,
    }
    return { record: owner === undefined ? record : { ...record, package: owner }, written }
  }

  /** The name that a source map gives to the function, else the engine. */
  #nameOf({ name, url, line, column }: CapturedFunction): string {
    return this.#sources.nameAt?.(url, line, column) ?? name
  }
}

const LAST_WORD = /[\w$]+$/

/** Whether an engine may call a function by `engineName` that is written with `name`, its class and kind included. */
function mayBeSame(name = '', engineName: string): boolean {
  const written = LAST_WORD.exec(name)?.[0]
  const called = LAST_WORD.exec(engineName)?.[0]
  return called === undefined || written === called
}

/** Undefined where the source does not tell. */
function nameAsWritten(written: SourceFunction | undefined): string | undefined {
  return written && !written.isComputed ? written.name || ANONYMOUS : undefined
}

function distance(one: number, other: number): number {
  return Math.abs(one - other)
}
