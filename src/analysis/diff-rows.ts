import type { FunctionRecord, SessionData } from '../session/records.ts'
import { functionTimes } from './functions.ts'
import { hotLines } from './lines.ts'
import { keyedWaitGroups } from './waits.ts'

/** The time of one thing in one request, and what names it in all of them. */
export interface Row {
  key: string
  /** What is awaited; empty for functions and lines. */
  name: string
  function: string
  file: string
  line: number
  /** Milliseconds. */
  time: number
  /** The part of it that was sampled, not measured. */
  cpuTime: number
  /** Whether others of the request are the same time further in. */
  isOuter?: boolean
}

export function functionRows(run: SessionData): Row[] {
  return functionTimes(run)
    .filter(({ selfTime }) => selfTime > 0)
    .map(({ function: fn, selfTime, cpuTime }) => ({
      ...identify(fn, fn.line),
      key: functionKeyOf(fn),
      time: selfTime,
      cpuTime,
    }))
}

export function lineRows(run: SessionData): Row[] {
  return hotLines(run).map(({ function: fn, line, time, cpuTime }) => ({
    ...identify(fn, line),
    time,
    cpuTime,
  }))
}

export function waitRows(run: SessionData): Row[] {
  return keyedWaitGroups(run).map(({ group, awaited }) => {
    const { function: fn, line, time, isOuter } = group
    const row = fn ? identify(fn, line) : { key: '', name: '', function: '', file: '', line: 0 }
    return { ...row, key: `${row.key}\0${awaited}`, name: awaited, time, cpuTime: 0, isOuter }
  })
}

/**
 * Code above a function moves when it is changed, so that a function is known by its name and file, and a line
 * by how far it is from the beginning of its function. Functions without a name have only their line.
 */
function identify(fn: FunctionRecord, line: number): Omit<Row, 'time' | 'cpuTime'> {
  const { name, fileShort, line: definedIn } = fn
  return {
    key: `${functionKeyOf(fn)}\0${line - definedIn}`,
    name: '',
    function: name,
    file: fileShort,
    line,
  }
}

function functionKeyOf({ name, fileShort, line }: FunctionRecord): string {
  return name === '(anonymous)' ? `${name}\0${fileShort}\0${line}` : `${name}\0${fileShort}`
}
