import type { CapturedFrame, CapturedFunction } from '../adapter.ts'

/** A frame as JSC gives it. */
export interface JscFrame {
  name: string
  /** `#hash:tier:bytecode`; the hash is that of the function's code. */
  location: string
  /** Path or URL. */
  sourceURL?: string
  line: number
  column: number
}

/** A trace as JSC gives it: seconds, and frames, innermost first. */
export interface JscTrace {
  timestamp: number
  frames: JscFrame[]
}

/** Where a function stands in its source: its first character and the one after its last, from 1. */
export interface FunctionExtent {
  /** As it is written or follows from what it is assigned to; empty for none. */
  name: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** What is known of the source of what runs. */
export interface SourceReader {
  /** The innermost function around a position; undefined when the source cannot be read. */
  functionAt(url: string, line: number, column: number): FunctionExtent | undefined
  /** The column in the source, where a loader put something into the line. */
  columnOf(url: string, line: number, column: number): number
}

const NO_SOURCE: SourceReader = {
  functionAt: () => undefined,
  columnOf: (_url, _line, column) => column,
}

const NO_POSITION = 0xffff_ffff

/** Optimized code, and such that has called nothing. */
const OPTIMIZED = /:(DFG|FTL):/
const UNTOLD_LINE = /:(DFG|FTL):bc#0$/

/** A frame of some trace; its function is looked for when the frame is read. */
export interface Frame extends JscFrame {
  url: string
  /** Says which code it is: functions of one name in one file differ in it. */
  hash: string
}

/** A frame in its source. */
interface ReadFrame {
  captured: CapturedFrame
  extent: FunctionExtent | undefined
}

/** The frames of traces, each once, and the functions that they execute. */
export class FrameTable {
  readonly #source: SourceReader
  readonly #frames = new Map<string, Frame>()
  readonly #functions = new Map<string, CapturedFunction>()
  /** Frames with a position, by the name of their function and its file. */
  readonly #placed = new Map<string, Frame[]>()
  /** Those that were looked up. */
  readonly #read = new Map<Frame, ReadFrame>()

  constructor(source: SourceReader = NO_SOURCE) {
    this.#source = source
  }

  of(raw: JscFrame): Frame {
    const { name, location, sourceURL: url = '', line, column } = raw
    const hash = location.slice(0, location.indexOf(':'))
    const key = url === '' ? name : `${name} ${hash} ${line}:${column} ${url}`
    let frame = this.#frames.get(key)
    if (!frame) {
      const isKnown = url !== '' && line < NO_POSITION
      const position = isKnown
        ? { line, column: this.#source.columnOf(url, line, column) }
        : { line: 0, column: 0 }
      this.#frames.set(key, (frame = { name, location, url, hash, ...position }))
      if (isKnown) {
        const namesakes = this.#placed.get(`${name} ${url}`) ?? []
        this.#placed.set(`${name} ${url}`, namesakes)
        namesakes.push(frame)
      }
    }
    return frame
  }

  /** What a frame executes, and whether the one that calls it is but the wrapper of an async function around it. */
  read(frame: Frame, caller: Frame | undefined): { captured: CapturedFrame; isWrapped: boolean } {
    const { captured, extent } = this.#read.get(frame) ?? this.#lookUp(frame)
    return { captured, isWrapped: caller !== undefined && isWrapperOf(caller, frame, extent) }
  }

  #lookUp(frame: Frame): ReadFrame {
    const { name, url, line, column } = frame
    const extent = line > 0 ? this.#extentOf(frame) : this.#onlyNamesake(frame)
    const executing = isLineTold(frame) ? { line, column } : { line: 0, column: 0 }
    const read = {
      captured: { function: this.#functionOf(name, url, extent), ...executing },
      extent,
    }
    // Which function one without a position is, may follow from frames that come later.
    if (line > 0) {
      this.#read.set(frame, read)
    }
    return read
  }

  #extentOf({ url, line, column }: Frame): FunctionExtent | undefined {
    return this.#source.functionAt(url, line, column)
  }

  /** Of a function that has no code yet, or whose code tells no position: by other frames of its code, or its name. */
  #onlyNamesake({ name, url, hash }: Frame): FunctionExtent | undefined {
    const namesakes = url === '' ? [] : (this.#placed.get(`${name} ${url}`) ?? [])
    const ofCode = namesakes.filter((frame) => frame.hash === hash)
    const known = ofCode.length > 0 ? ofCode : namesakes
    const extents = new Set(known.map((frame) => this.#extentOf(frame)))
    return extents.size === 1 ? [...extents][0] : undefined
  }

  #functionOf(ownName: string, url: string, extent: FunctionExtent | undefined): CapturedFunction {
    const { line, column } = extent ?? { line: 0, column: 0 }
    const name = ownName || (extent?.name ?? '')
    const key = `${name} ${line}:${column} ${url}`
    let fn = this.#functions.get(key)
    if (!fn) {
      this.#functions.set(key, (fn = { name, url, line, column }))
    }
    return fn
  }
}

/** Whether a frame is of optimized code that does not tell its line. */
export function isUntold(frame: Frame): boolean {
  return OPTIMIZED.test(frame.location) && !isLineTold(frame)
}

function isLineTold({ line, location }: Frame): boolean {
  return line > 0 && !UNTOLD_LINE.test(location)
}

/** Whether an async function's wrapper calls its body. Where the function is not found, it is told by its end. */
function isWrapperOf(caller: Frame, callee: Frame, extent: FunctionExtent | undefined): boolean {
  if (callee.url === '' || caller.url !== callee.url || caller.name !== callee.name) {
    return false
  }
  const isSameCode = caller.hash === callee.hash
  return !isSameCode && isAfter(caller, callee) && (!extent || !isAfter(caller, endOf(extent)))
}

function isAfter(one: Position, other: Position): boolean {
  return one.line > other.line || (one.line === other.line && one.column > other.column)
}

function endOf({ endLine, endColumn }: FunctionExtent): Position {
  return { line: endLine, column: endColumn }
}

interface Position {
  line: number
  column: number
}
