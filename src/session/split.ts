import type { SessionData, WaitRecord } from './records.ts'
import { STATES } from './records.ts'

/**
 * Takes apart what `Session.combine` merged: one session for each request, in order. They share functions and
 * stacks with `data`. A session that is not merged, or does not know the time of each request, is given as it is.
 */
export function splitSession(data: SessionData): SessionData[] {
  const { durations } = data.meta
  if (!durations || durations.length < 2) {
    return [data]
  }
  let startUs = 0
  let sample = 0
  return durations.map((duration) => {
    const endUs = startUs + Math.round(duration * 1000)
    const first = sample
    for (let atUs = startUs; sample < data.samples.stack.length && atUs < endUs; sample++) {
      atUs += data.samples.durationUs[sample]!
    }
    const run = sliceRun(data, { startUs, endUs, first, end: sample })
    startUs = endUs
    return run
  })
}

/** One request in a merged session: its time and the positions of its samples. */
interface Slice {
  startUs: number
  endUs: number
  first: number
  end: number
}

function sliceRun(data: SessionData, { startUs, endUs, first, end }: Slice): SessionData {
  const { samples, blockers, waits, spans, meta } = data
  const columns = {
    stack: samples.stack.slice(first, end),
    durationUs: samples.durationUs.slice(first, end),
    state: samples.state.slice(first, end),
  }
  const totals = { ...meta.totals }
  STATES.forEach((name, state) => {
    const us = columns.durationUs.reduce(
      (sum, us, i) => sum + (columns.state[i] === state ? us : 0),
      0
    )
    totals[name] = us / 1000
  })
  // What has no length and stands where one request ends and the next begins is the next one's.
  const isLast = endUs === Math.round(meta.duration * 1000)
  const isInside = (time: { startUs: number; endUs: number }): boolean =>
    time.startUs >= startUs && time.endUs <= endUs && (time.startUs < endUs || isLast)
  const move = <T extends { startUs: number; endUs: number }>(record: T): T => ({
    ...record,
    startUs: record.startUs - startUs,
    endUs: record.endUs - startUs,
  })
  const inside = waits.filter(isInside)
  const kept = spans.map((span, i) => ({ span, i })).filter(({ span }) => isInside(span))
  const positions = new Map(kept.map(({ i }, position) => [i, position]))
  const blocked = blockers.startUs
    .map((us, i) => ({ us, i }))
    .filter(({ us, i }) => isInside({ startUs: us, endUs: us + blockers.durationUs[i]! }))
  const { durations: _, ...shared } = meta
  return {
    ...data,
    meta: { ...shared, duration: (endUs - startUs) / 1000, totals, runs: 1 },
    samples: columns,
    blockers: {
      stack: blocked.map(({ i }) => blockers.stack[i]!),
      startUs: blocked.map(({ us }) => us - startUs),
      durationUs: blocked.map(({ i }) => blockers.durationUs[i]!),
    },
    waits: inside.map((wait): WaitRecord => ({
      ...move(wait),
      awaitedUs: wait.awaitedUs - startUs,
    })),
    spans: kept.map(({ span }) => ({ ...move(span), parent: positions.get(span.parent) ?? -1 })),
  }
}
