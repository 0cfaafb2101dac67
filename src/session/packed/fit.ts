import type { SessionData } from '../records.ts'
import { condense } from './condense.ts'
import { pack } from './pack.ts'

/** The first resolution that is tried, in sampling intervals, and how much coarser each next one is. */
const FIRST_RESOLUTION = 16
const COARSER = 2

/** Characters that a sample takes at least. The fewer of them are left, the more each takes. */
const LEAST_PER_SAMPLE = 1

/**
 * A session as packed JSON of at most `limit` characters: unchanged where it fits, otherwise condensed as
 * little as needed, which a note in it says. Functions and stacks are never left out, so their size is the least.
 */
export function packToFit(data: SessionData, limit: number): string {
  let smallest = ''
  let perSample = LEAST_PER_SAMPLE
  let untried: SessionData | undefined
  for (const each of everCoarser(data)) {
    const count = each.samples.stack.length
    // Packing takes up to a microsecond for each sample, so what cannot fit is not tried.
    if (count * perSample > limit) {
      untried = each
      continue
    }
    untried = undefined
    smallest = shorter(smallest, packed(each))
    if (smallest.length <= limit) {
      return smallest
    }
    perSample = smallest.length / Math.max(count, 1)
  }
  return untried ? shorter(smallest, packed(untried)) : smallest
}

const packed = (data: SessionData): string => JSON.stringify(pack(data))

const shorter = (one: string, other: string): string =>
  one !== '' && one.length <= other.length ? one : other

function* everCoarser(data: SessionData): Generator<SessionData> {
  yield data
  for (const [condensed, resolutionUs] of condensedBy(data)) {
    yield noted(condensed, resolutionUs)
  }
}

/** The session condensed ever more, each with the resolution that is left. */
export function* condensedBy(data: SessionData): Generator<[SessionData, resolutionUs: number]> {
  const durationUs = data.meta.duration * 1000
  let resolutionUs = Math.max(1, data.meta.interval * 1000) * FIRST_RESOLUTION
  for (; resolutionUs < durationUs * COARSER; resolutionUs *= COARSER) {
    yield [condense(data, resolutionUs), resolutionUs]
  }
}

function noted(data: SessionData, resolutionUs: number): SessionData {
  const note =
    `This page keeps the order of short samples to ${resolutionUs / 1000} ms, to stay small; ` +
    'all sums are exact. The saved session has every sample.'
  return { ...data, meta: { ...data.meta, notes: [...data.meta.notes, note] } }
}
