import { STATE_FRAMES } from '../../session/frame.ts'
import type { Origin, SessionData } from '../../session/records.ts'
import { CPU } from '../../session/records.ts'
import { forEachSample } from '../../session/tree.ts'
import { fileUrl } from '../file-url.ts'
import type { StringColumn } from './string-column.ts'

const category = (name: string, color: string): object => ({
  name,
  color,
  subcategories: ['Other'],
})

/** Colours are those that the profiler knows. The first is what has no other. */
export const CATEGORIES: readonly object[] = [
  category('Other', 'grey'),
  category('Application', 'yellow'),
  category('Library', 'green'),
  category('Runtime', 'blue'),
  category('Garbage collection', 'red'),
  category('Waiting', 'transparent'),
  category('Blocked', 'magenta'),
]

const CATEGORY_OF: Readonly<Record<Origin, number>> = {
  app: 1,
  library: 2,
  runtime: 3,
  native: 3,
  profiler: 0,
}

/** In the order of the states. */
const CATEGORY_OF_STATE = [0, 4, 5, 6]

/** The category of waits among markers. */
export const WAITING = 5

/** The tables of a thread that say what ran when. */
export interface FirefoxStacks {
  samples: object
  stackTable: object
  frameTable: object
  funcTable: object
}

/** Times are milliseconds; the time of a sample is its weight. */
export function firefoxStacks(data: SessionData, strings: StringColumn): FirefoxStacks {
  const functions = new FunctionColumns(data, strings)
  const frames = new FrameColumns()
  const stacks = new StackColumns(data, functions, frames)
  const stack: number[] = []
  const time: number[] = []
  const weight: number[] = []
  forEachSample(data, (entry, startUs, durationUs, state) => {
    stack.push(stacks.ofSample(entry, state))
    time.push(startUs / 1000)
    weight.push(durationUs / 1000)
  })
  return {
    samples: { stack, time, weight, weightType: 'tracing-ms', length: stack.length },
    stackTable: stacks.table(),
    frameTable: frames.table(),
    funcTable: functions.table(),
  }
}

/** The functions of the session, then the request, then a function for each state. */
class FunctionColumns {
  readonly request: number
  readonly name: number[]
  readonly fileName: (number | null)[]
  readonly lineNumber: (number | null)[]
  readonly columnNumber: (number | null)[]

  constructor({ functions, meta }: SessionData, strings: StringColumn) {
    this.request = functions.length
    this.name = functions.map(({ name }) => strings.of(name))
    this.fileName = functions.map(({ file }) => (file ? strings.of(fileUrl(file)) : null))
    this.lineNumber = functions.map(({ line }) => line || null)
    this.columnNumber = functions.map(({ column }) => column || null)
    for (const name of [meta.description, ...STATE_FRAMES]) {
      this.name.push(strings.of(name))
      this.fileName.push(null)
      this.lineNumber.push(null)
      this.columnNumber.push(null)
    }
  }

  ofState(state: number): number {
    return this.request + 1 + state
  }

  table(): object {
    const { name, fileName, lineNumber, columnNumber } = this
    const isJS = name.map((_, i) => i < this.request)
    const resource = name.map(() => -1)
    const { length } = name
    return { name, isJS, relevantForJS: isJS, resource, fileName, lineNumber, columnNumber, length }
  }
}

/** A frame is a function at an executing line. */
class FrameColumns {
  readonly func: number[] = []
  readonly line: (number | null)[] = []
  readonly category: number[] = []
  readonly #positions = new Map<string, number>()

  of(func: number, line: number, category: number): number {
    const key = `${func}:${line}`
    let position = this.#positions.get(key)
    if (position === undefined) {
      position = this.func.push(func) - 1
      this.line.push(line || null)
      this.category.push(category)
      this.#positions.set(key, position)
    }
    return position
  }

  table(): object {
    const { func, line, category } = this
    const all = <T>(value: T): T[] => func.map(() => value)
    return {
      func,
      line,
      column: all(null),
      category,
      subcategory: all(0),
      address: all(-1),
      inlineDepth: all(0),
      nativeSymbol: all(null),
      innerWindowID: all(null),
      implementation: all(null),
      length: func.length,
    }
  }
}

/** Stack 0 is the request, stack `entry + 1` a stack entry of the session, and leaves of states follow. */
class StackColumns {
  readonly #frame: number[]
  readonly #prefix: (number | null)[]
  readonly #leaves = new Map<string, number>()
  readonly #functions: FunctionColumns
  readonly #frames: FrameColumns
  readonly #lines: readonly number[]

  constructor(data: SessionData, functions: FunctionColumns, frames: FrameColumns) {
    const { parent, function: fn, line } = data.stacks
    this.#functions = functions
    this.#frames = frames
    this.#lines = line
    this.#frame = [frames.of(functions.request, 0, 0)]
    this.#prefix = [null]
    parent.forEach((caller, entry) => {
      const { origin } = data.functions[fn[entry]!]!
      this.#frame.push(frames.of(fn[entry]!, line[entry]!, CATEGORY_OF[origin]))
      this.#prefix.push(caller + 1)
    })
  }

  ofSample(entry: number, state: number): number {
    return state === CPU ? entry + 1 : this.#leafOf(entry, state)
  }

  table(): object {
    const category = this.#frame.map((frame) => this.#frames.category[frame])
    const subcategory = this.#frame.map(() => 0)
    const [frame, prefix] = [this.#frame, this.#prefix]
    return { frame, category, subcategory, prefix, length: frame.length }
  }

  #leafOf(entry: number, state: number): number {
    const key = `${entry}:${state}`
    let leaf = this.#leaves.get(key)
    if (leaf === undefined) {
      const line = this.#lines[entry] ?? 0
      const func = this.#functions.ofState(state)
      leaf = this.#frame.push(this.#frames.of(func, line, CATEGORY_OF_STATE[state]!)) - 1
      this.#prefix.push(entry + 1)
      this.#leaves.set(key, leaf)
    }
    return leaf
  }
}
