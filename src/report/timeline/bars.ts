import type { FunctionRecord, SessionData, SpanRecord } from '../../session/records.ts'
import type { Operation } from './operations.ts'
import { NAMELESS, operationsOf, shownFor } from './operations.ts'

/** Something with a start and an end of its own: an awaited operation or a named part. Milliseconds. */
export interface Bar {
  name: string
  start: number
  end: number
  /** When the request began to wait for it; until then it ran beside other work. */
  awaited: number
  /** Row from the top; bars of one row do not overlap. */
  row: number
  kind: 'wait' | SpanRecord['kind']
  /** Finishing it earlier would have finished the request earlier. */
  critical: boolean
  /** A timeout went on without it. */
  unfinished: boolean
  /** The function that awaits, and its executing line, 0 when unknown. */
  function: FunctionRecord | undefined
  line: number
}

/** The bars of what was awaited. */
export interface Waterfall {
  /** Those that run at the same time in rows of their own. */
  bars: Bar[]
  /** The bars that show some waits, by positions in `data.waits`, in order of time. */
  showing: (waits: readonly number[]) => Bar[]
}

export function waterfallOf(data: SessionData): Waterfall {
  const operations = operationsOf(data)
  const barOf = new Map<Operation, Bar>()
  for (const operation of operations) {
    if (operation.explainedBy.length === 0) {
      barOf.set(operation, waitBar(data, operation))
    }
  }
  return {
    bars: pack([...barOf.values()]),
    showing: (waits) =>
      [...shownFor(waits.flatMap((position) => operations[position] ?? []))]
        .map((operation) => barOf.get(operation)!)
        .sort((a, b) => a.start - b.start),
  }
}

function waitBar(data: SessionData, { wait, name, site }: Operation): Bar {
  const record = data.functions[data.stacks.function[site] ?? -1]
  const start = wait.startUs / 1000
  return {
    name: nameOf(data, name, site),
    start,
    awaited: Math.max(start, wait.awaitedUs / 1000),
    end: wait.endUs / 1000,
    row: 0,
    kind: 'wait',
    critical: wait.critical,
    unfinished: wait.unfinished === true,
    function: record,
    line: data.stacks.line[site] || (record?.line ?? 0),
  }
}

/** `query in loadItems`: what is awaited and by whom; where the function that awaits has its name, by whose caller. */
function nameOf(data: SessionData, name: string, site: number): string {
  const awaiting = data.functions[data.stacks.function[site] ?? -1]?.name
  if (awaiting === undefined || name === NAMELESS) {
    return awaiting ?? name
  }
  const who = name === awaiting ? callerName(data, site) : awaiting
  return who === undefined ? name : `${name} in ${who}`
}

/** The nearest function of the application, of another name, that a stack entry was called by. */
function callerName({ stacks, functions }: SessionData, site: number): string | undefined {
  const { name: own } = functions[stacks.function[site]!]!
  for (let entry = stacks.parent[site]!; entry >= 0; entry = stacks.parent[entry]!) {
    const { name, origin } = functions[stacks.function[entry]!]!
    if (origin === 'app' && name !== own) {
      return name
    }
  }
  return undefined
}

/** Middleware, handlers and what the user named, each below what encloses it. */
export function spanBars({ spans }: SessionData): Bar[] {
  const depths: number[] = []
  const bars = spans.map(({ name, kind, startUs, endUs, parent }): Bar => {
    const row = parent < 0 ? 0 : depths[parent]! + 1
    depths.push(row)
    const start = startUs / 1000
    const end = endUs / 1000
    return {
      name,
      kind,
      start,
      end,
      awaited: start,
      row,
      critical: false,
      unfinished: false,
      function: undefined,
      line: 0,
    }
  })
  return pack(bars)
}

/** Puts each bar into the first row, from its own on, where nothing runs at the same time. */
function pack(bars: Bar[]): Bar[] {
  const rowEnds: number[] = []
  const ordered = bars.sort((a, b) => a.start - b.start || a.row - b.row || b.end - a.end)
  for (const bar of ordered) {
    while ((rowEnds[bar.row] ?? 0) > bar.start) {
      bar.row++
    }
    rowEnds[bar.row] = bar.end
  }
  return ordered
}

/** How many rows bars take. */
export function rowCount(bars: readonly Bar[]): number {
  return bars.reduce((most, { row }) => Math.max(most, row + 1), 0)
}

/** The bar of a row at a time, with `slack` milliseconds around it: short ones are hard to hit. */
export function barAt(
  bars: readonly Bar[],
  row: number,
  time: number,
  slack: number
): Bar | undefined {
  let nearest: Bar | undefined
  let distance = slack
  for (const bar of bars) {
    const away = Math.max(bar.start - time, time - bar.end, 0)
    if (bar.row === row && away <= distance) {
      nearest = bar
      distance = away
    }
  }
  return nearest
}
