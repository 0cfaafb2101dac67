import type { Frame } from './frame.ts'
import type { SessionData } from './records.ts'
import { STATES } from './records.ts'
import { checkShape, notASession, wrongValue } from './shape.ts'

/**
 * Checks that records are a session: every field, every position in a table, and that the samples add up
 * to the duration and to the totals, to the microsecond.
 *
 * @throws TypeError A sentence that says what is wrong and where.
 */
export function checkSession(data: unknown): asserts data is SessionData {
  checkShape(data, '')
  const session = data as SessionData
  checkRuns(session)
  checkStacks(session)
  checkSamples(session)
  checkBlockers(session)
  checkWaits(session)
  checkSpans(session)
}

type Column = [name: string, entries: readonly unknown[]]

const durationUsOf = ({ meta }: SessionData): number => Math.round(meta.duration * 1000)

function checkLengths(where: string, columns: Record<string, readonly unknown[]>): void {
  const [[first, { length }], ...others] = Object.entries(columns) as [Column, ...Column[]]
  for (const [name, column] of others) {
    if (column.length !== length) {
      throw notASession(
        `${where}.${name} has ${column.length} entries, but ${where}.${first} has ${length}`
      )
    }
  }
}

/** Positions in a table of `size` entries; -1 stands for none where `lowest` allows it. */
function checkPositions(
  where: string,
  column: readonly number[],
  lowest: -1 | 0,
  size: number,
  things: string
): void {
  for (let i = 0; i < column.length; i++) {
    const position = column[i]!
    if (!Number.isInteger(position) || position < lowest || position >= size) {
      throw wrongValue(`${where}[${i}]`, position, `there are ${size} ${things}`)
    }
  }
}

function checkCounts(where: string, column: readonly number[]): void {
  for (let i = 0; i < column.length; i++) {
    if (!Number.isSafeInteger(column[i]) || column[i]! < 0) {
      throw wrongValue(`${where}[${i}]`, column[i], 'it must be a whole number from 0')
    }
  }
}

function checkRuns({ meta: { durations, duration, runs } }: SessionData): void {
  if (!durations) {
    return
  }
  if (durations.length !== runs) {
    throw notASession(`meta.durations has ${durations.length} entries, but meta.runs is ${runs}`)
  }
  const sumUs = durations.reduce((sum, ms) => sum + Math.round(ms * 1000), 0)
  checkSum('meta.durations', sumUs, 'meta.duration', duration)
}

function checkStacks({ functions, stacks: { parent, function: fn, line } }: SessionData): void {
  checkLengths('stacks', { parent, function: fn, line })
  checkPositions('stacks.function', fn, 0, functions.length, 'functions')
  checkCounts('stacks.line', line)
  for (let i = 0; i < parent.length; i++) {
    if (!Number.isInteger(parent[i]) || parent[i]! < -1 || parent[i]! >= i) {
      throw wrongValue(`stacks.parent[${i}]`, parent[i], 'a parent stands before its children')
    }
  }
}

function checkSamples(session: SessionData): void {
  const { stack, durationUs, state } = session.samples
  checkLengths('samples', { stack, durationUs, state })
  checkPositions('samples.stack', stack, -1, session.stacks.parent.length, 'stacks')
  checkCounts('samples.durationUs', durationUs)
  checkPositions('samples.state', state, 0, STATES.length, 'states')
  checkTotals(session)
}

function checkTotals({ meta, samples: { durationUs, state } }: SessionData): void {
  const sumsUs = STATES.map(() => 0)
  for (let i = 0; i < durationUs.length; i++) {
    sumsUs[state[i]!]! += durationUs[i]!
  }
  const sumUs = sumsUs.reduce((sum, us) => sum + us, 0)
  checkSum('samples', sumUs, 'meta.duration', meta.duration)
  for (const [i, name] of STATES.entries()) {
    checkSum(`samples in state ${name}`, sumsUs[i]!, `meta.totals.${name}`, meta.totals[name])
  }
}

function checkSum(what: string, sumUs: number, where: string, ms: number): void {
  if (sumUs !== Math.round(ms * 1000)) {
    throw notASession(`${what} add up to ${sumUs} µs, but ${where} is ${ms} ms`)
  }
}

function checkBlockers(session: SessionData): void {
  const { stack, startUs, durationUs } = session.blockers
  checkLengths('blockers', { stack, startUs, durationUs })
  checkPositions('blockers.stack', stack, -1, session.stacks.parent.length, 'stacks')
  const endOfRequestUs = durationUsOf(session)
  for (let i = 0; i < startUs.length; i++) {
    checkRange(`blockers.startUs[${i}]`, startUs[i]!, 0, endOfRequestUs)
    checkRange(`blockers.durationUs[${i}]`, durationUs[i]!, 0, endOfRequestUs - startUs[i]!)
  }
}

function checkWaits(session: SessionData): void {
  const endOfRequestUs = durationUsOf(session)
  const stacks = session.stacks.parent.length
  session.waits.forEach(({ stack, awaiting = -1, startUs, awaitedUs, endUs }, i) => {
    for (const [name, entry] of Object.entries({ stack, awaiting })) {
      if (entry < -1 || entry >= stacks) {
        throw wrongValue(`waits[${i}].${name}`, entry, `there are ${stacks} stacks`)
      }
    }
    checkRange(`waits[${i}].endUs`, endUs, 0, endOfRequestUs)
    checkRange(`waits[${i}].startUs`, startUs, 0, endUs)
    checkRange(`waits[${i}].awaitedUs`, awaitedUs, 0, endUs)
  })
}

function checkSpans(session: SessionData): void {
  const endOfRequestUs = durationUsOf(session)
  session.spans.forEach(({ startUs, endUs, parent }, i) => {
    if (parent < -1 || parent >= i) {
      throw wrongValue(`spans[${i}].parent`, parent, 'a parent stands before its children')
    }
    checkRange(`spans[${i}].endUs`, endUs, 0, endOfRequestUs)
    checkRange(`spans[${i}].startUs`, startUs, 0, endUs)
  })
}

function checkRange(where: string, us: number, leastUs: number, mostUs: number): void {
  if (!Number.isFinite(us) || us < leastUs || us > mostUs) {
    throw wrongValue(where, us, `it must be from ${leastUs} to ${mostUs}`)
  }
}

/** How far sums of floating-point milliseconds may be off, as a part of the frame's time. */
const RELATIVE_TOLERANCE = 1e-6
/** The same for frames without time, in milliseconds: a thousandth of the shortest sample. */
const LEAST_TOLERANCE = 1e-6

/**
 * Checks the accounting of a call tree at every frame: children and absorbed time add up to its time, and so
 * do its states; children know their parent; synthetic frames are leaves; no time is negative.
 *
 * @param expectedMs What the root's time must be, when given.
 * @throws Error With the frame's path and the values that disagree.
 */
export function checkTree(root: Frame, expectedMs?: number): void {
  if (expectedMs !== undefined) {
    expectEqual(root, 'time', root.time, 'the expected time', expectedMs)
  }
  const seen = new Set<Frame>()
  const pending = [root]
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    expect(frame, !seen.has(frame), 'it stands in the tree twice')
    seen.add(frame)
    checkTimes(frame)
    for (const child of frame.children) {
      expect(child, child.parent === frame, `its parent is not ${frame.function}`)
      pending.push(child)
    }
  }
}

function checkTimes(frame: Frame): void {
  const { time, absorbedTime, cpuTime, awaitTime, blockedTime, gcTime } = frame
  const times = { time, absorbedTime, cpuTime, awaitTime, blockedTime, gcTime }
  for (const [name, ms] of Object.entries(times)) {
    expect(frame, ms >= 0, `${name} is ${ms} ms`)
  }
  expectEqual(frame, 'cpu + await + blocked', cpuTime + awaitTime + blockedTime, 'time', time)
  expectAtMost(frame, 'gcTime', gcTime, 'cpuTime', cpuTime)
  if (frame.isSynthetic) {
    expect(frame, frame.children.length === 0, 'it is synthetic and has children')
    expect(frame, absorbedTime === 0, `it is synthetic and has absorbed ${absorbedTime} ms`)
    return
  }
  const sum = (field: 'time' | 'cpuTime' | 'awaitTime' | 'blockedTime' | 'gcTime'): number =>
    frame.children.reduce((total, child) => total + child[field], 0)
  expectEqual(frame, 'children + absorbed', sum('time') + absorbedTime, 'time', time)
  for (const field of ['cpuTime', 'awaitTime', 'blockedTime', 'gcTime'] as const) {
    expectAtMost(frame, `${field} of the children`, sum(field), field, frame[field])
  }
}

function toleranceFor(ms: number): number {
  return Math.max(LEAST_TOLERANCE, RELATIVE_TOLERANCE * Math.abs(ms))
}

function expectEqual(frame: Frame, what: string, ms: number, other: string, otherMs: number): void {
  const isEqual = Math.abs(ms - otherMs) <= toleranceFor(otherMs)
  expect(frame, isEqual, `${what} is ${ms} ms, but ${other} is ${otherMs} ms`)
}

function expectAtMost(
  frame: Frame,
  what: string,
  ms: number,
  other: string,
  otherMs: number
): void {
  const isAtMost = ms <= otherMs + toleranceFor(otherMs)
  expect(frame, isAtMost, `${what} is ${ms} ms, but ${other} is ${otherMs} ms`)
}

function expect(frame: Frame, holds: boolean, problem: string): void {
  if (!holds) {
    throw new Error(`hono-profiler: wrong call tree at ${pathOf(frame)}: ${problem}`)
  }
}

const MAX_PATH = 10

function pathOf(frame: Frame): string {
  const names: string[] = []
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    if (names.push(at.function) > MAX_PATH) {
      names[MAX_PATH] = '…'
      break
    }
  }
  return names.reverse().join(' › ')
}
