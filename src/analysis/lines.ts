import type { FunctionRecord, SessionData } from '../session/records.ts'
import { AWAIT, BLOCKED } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/** Time of one line of application code. All times are milliseconds. */
export interface LineTime {
  function: FunctionRecord
  /** The executing line; the function's own line when the runtime does not tell. */
  line: number
  time: number
  /** The part of `time` on the processor, garbage collection included. */
  cpuTime: number
  awaitTime: number
  blockedTime: number
}

/**
 * Where the time goes, by line of application code, most first. A sample counts once, for the innermost
 * application frame on its stack: what a library does or waits for belongs to the line that calls it.
 * Time with no application code on the stack is left out.
 */
export function hotLines(data: SessionData): LineTime[] {
  const callSites = applicationEntries(data)
  const lines = new Map<string, LineTime>()
  const byEntry: LineTime[] = new Array<LineTime>(callSites.length)
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    const entry = stack < 0 ? -1 : callSites[stack]!
    if (entry >= 0 && durationUs > 0) {
      addTime((byEntry[entry] ??= lineOf(data, lines, entry)), state, durationUs / 1000)
    }
  })
  return [...lines.values()].sort((a, b) => b.time - a.time)
}

/** Time of one line of a file, whichever functions of the line it went to. All times are milliseconds. */
export interface SourceLine {
  /** Absolute path or URL. */
  file: string
  line: number
  /** The name of the function on this line with most time. */
  function: string
  time: number
  /** The part of `time` on the processor, garbage collection included. */
  cpuTime: number
  awaitTime: number
  blockedTime: number
  /** The line as it is written, where the session holds it. */
  text?: string
}

/** Like `hotLines`, each line once, with its text; only of files whose path contains `file`. */
export function sourceLines(data: SessionData, file = ''): SourceLine[] {
  const lines = new Map<string, SourceLine>()
  for (const { function: fn, line, ...times } of hotLines(data)) {
    const key = `${line}:${fn.file}`
    const known = lines.get(key)
    if (known) {
      known.time += times.time
      known.cpuTime += times.cpuTime
      known.awaitTime += times.awaitTime
      known.blockedTime += times.blockedTime
    } else if (fn.file.includes(file)) {
      // Lines come by time, so the first function of a line is the one with most.
      const text = sourceLine(data, fn.file, line)
      const entry = { file: fn.file, line, function: fn.name, ...times }
      lines.set(key, text === undefined ? entry : { ...entry, text })
    }
  }
  return [...lines.values()].sort((a, b) => b.time - a.time)
}

/** The text of a line, as it is written; undefined where the session does not hold it. */
export function sourceLine(data: SessionData, file: string, line: number): string | undefined {
  for (const part of data.sources ?? []) {
    if (part.file === file && line >= part.startLine) {
      const text = part.lines[line - part.startLine]
      if (text !== undefined) {
        return text
      }
    }
  }
  return undefined
}

/** The text of the line that a stack entry executes, or of one so many lines below; empty where it is not held. */
export function textOfEntry(data: SessionData, entry: number, below = 0): string {
  const { file } = data.functions[data.stacks.function[entry]!]!
  return sourceLine(data, file, data.stacks.line[entry]! + below) ?? ''
}

/** For each wait the innermost application entry that awaits it; -1 when there is none. */
export function awaitingEntries(data: SessionData): number[] {
  const callSites = applicationEntries(data)
  // Where `stack` leads to a helper that made the promise, who awaits it is another.
  return data.waits.map(({ stack, awaiting = stack }) => (awaiting < 0 ? -1 : callSites[awaiting]!))
}

/** For each stack entry the innermost application entry at or above it, -1 when there is none. */
export function applicationEntries({ stacks, functions }: SessionData): Int32Array {
  const entries = new Int32Array(stacks.parent.length)
  for (let entry = 0; entry < entries.length; entry++) {
    const parent = stacks.parent[entry]!
    const isApplication = functions[stacks.function[entry]!]!.origin === 'app'
    entries[entry] = isApplication ? entry : parent < 0 ? -1 : entries[parent]!
  }
  return entries
}

function lineOf(data: SessionData, lines: Map<string, LineTime>, entry: number): LineTime {
  const index = data.stacks.function[entry]!
  const record = data.functions[index]!
  const line = data.stacks.line[entry]! || record.line
  const key = `${index}:${line}`
  let found = lines.get(key)
  if (!found) {
    found = { function: record, line, time: 0, cpuTime: 0, awaitTime: 0, blockedTime: 0 }
    lines.set(key, found)
  }
  return found
}

function addTime(line: LineTime, state: number, ms: number): void {
  line.time += ms
  if (state === AWAIT) {
    line.awaitTime += ms
  } else if (state === BLOCKED) {
    line.blockedTime += ms
  } else {
    line.cpuTime += ms
  }
}
