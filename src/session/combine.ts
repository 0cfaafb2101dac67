import { functionKey } from './identity.ts'
import type { SessionData, SessionMeta, StackTable, State, Totals } from './records.ts'
import { SESSION_FORMAT, SESSION_VERSION, STATES } from './records.ts'
import { mergeSources } from './sources.ts'

/**
 * Merges sessions into one, earliest first: samples, waits, spans and blockers stand one session after
 * another, times and counts are sums, and what describes the request is the earliest session's.
 * Records are shared with `datas`, not copied.
 *
 * @throws TypeError When `datas` is empty.
 */
export function combineSessions(datas: readonly SessionData[]): SessionData {
  if (datas.length === 0) {
    throw new TypeError('hono-profiler: no sessions to combine: give at least one')
  }
  const inOrder = [...datas].sort((a, b) => a.meta.startTime - b.meta.startTime)
  const combined: SessionData = {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    meta: combineMeta(inOrder.map((data) => data.meta)),
    functions: [],
    stacks: { parent: [], function: [], line: [] },
    samples: { stack: [], durationUs: [], state: [] },
    blockers: { stack: [], startUs: [], durationUs: [] },
    waits: [],
    spans: [],
  }
  const functionPositions = new Map<string, number>()
  const stackPositions = new Map<string, number>()
  let offsetUs = 0
  for (const data of inOrder) {
    const functions = data.functions.map((record) =>
      intern(functionPositions, functionKey(record), () => combined.functions.push(record) - 1)
    )
    const stacks = mergeStacks(combined.stacks, stackPositions, data.stacks, functions)
    appendRecords(combined, data, stacks, offsetUs)
    offsetUs += toUs(data.meta.duration)
  }
  const sources = mergeSources(inOrder.flatMap((data) => data.sources ?? []))
  return sources.length > 0 ? { ...combined, sources } : combined
}

const toUs = (ms: number): number => Math.round(ms * 1000)

/** Adds up milliseconds as whole microseconds, so that the sum of many sessions still fits their samples. */
function sumMs(times: number[]): number {
  return times.reduce((sumUs, ms) => sumUs + toUs(ms), 0) / 1000
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

function combineMeta(metas: SessionMeta[]): SessionMeta {
  const totalOf = (state: State): number => sumMs(metas.map((meta) => meta.totals[state]))
  return {
    ...metas[0]!,
    duration: sumMs(metas.map((meta) => meta.duration)),
    interval: metas.reduce((longest, meta) => Math.max(longest, meta.interval), 0),
    sampleCount: sum(metas.map((meta) => meta.sampleCount)),
    totals: Object.fromEntries(STATES.map((state) => [state, totalOf(state)])) as Totals,
    overhead: {
      start: sum(metas.map((meta) => meta.overhead.start)),
      excluded: sum(metas.map((meta) => meta.overhead.excluded)),
      stop: sum(metas.map((meta) => meta.overhead.stop)),
    },
    notes: [...new Set(metas.flatMap((meta) => meta.notes))],
    runs: sum(metas.map((meta) => meta.runs)),
    ...(metas.length > 1 ? durationsOf(metas) : {}),
  }
}

/** The time of each request, unless a session was merged by a version that did not keep it. */
function durationsOf(metas: SessionMeta[]): Pick<SessionMeta, 'durations'> {
  const isKnown = metas.every(({ durations, runs }) => durations || runs === 1)
  return isKnown
    ? { durations: metas.flatMap(({ durations, duration }) => durations ?? [duration]) }
    : {}
}

function intern(positions: Map<string, number>, key: string, add: () => number): number {
  let position = positions.get(key)
  if (position === undefined) {
    positions.set(key, (position = add()))
  }
  return position
}

/** Adds the entries of `source` that `target` lacks; gives the position in `target` of each. */
function mergeStacks(
  target: StackTable,
  positions: Map<string, number>,
  source: StackTable,
  functions: number[]
): number[] {
  const merged: number[] = []
  for (let entry = 0; entry < source.parent.length; entry++) {
    const parent = merged[source.parent[entry]!] ?? -1
    const fn = functions[source.function[entry]!]!
    const line = source.line[entry]!
    merged[entry] = intern(positions, `${parent},${fn},${line}`, () => {
      target.function.push(fn)
      target.line.push(line)
      return target.parent.push(parent) - 1
    })
  }
  return merged
}

/** Adds what happened in `source`, `offsetUs` after the start of `target`. */
function appendRecords(
  target: SessionData,
  source: SessionData,
  stacks: number[],
  offsetUs: number
): void {
  const positionOf = (stack: number): number => stacks[stack] ?? -1
  source.samples.stack.forEach((stack, i) => {
    target.samples.stack.push(positionOf(stack))
    target.samples.durationUs.push(source.samples.durationUs[i]!)
    target.samples.state.push(source.samples.state[i]!)
  })
  source.blockers.stack.forEach((stack, i) => {
    target.blockers.stack.push(positionOf(stack))
    target.blockers.startUs.push(source.blockers.startUs[i]! + offsetUs)
    target.blockers.durationUs.push(source.blockers.durationUs[i]!)
  })
  for (const wait of source.waits) {
    target.waits.push({
      ...wait,
      stack: positionOf(wait.stack),
      ...(wait.awaiting === undefined ? {} : { awaiting: positionOf(wait.awaiting) }),
      startUs: wait.startUs + offsetUs,
      awaitedUs: wait.awaitedUs + offsetUs,
      endUs: wait.endUs + offsetUs,
    })
  }
  const spansBefore = target.spans.length
  for (const span of source.spans) {
    target.spans.push({
      ...span,
      startUs: span.startUs + offsetUs,
      endUs: span.endUs + offsetUs,
      parent: span.parent < 0 ? -1 : span.parent + spansBefore,
    })
  }
}
