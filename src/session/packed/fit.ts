import type { SessionData } from '../records.ts'
import { condense } from './condense.ts'
import { pack } from './pack.ts'

/** The first resolution that is tried, in sampling intervals, and how much coarser each next one is. */
const FIRST_RESOLUTION = 16
const COARSER = 4

/**
 * A session as packed JSON of at most `limit` characters: unchanged where it fits, otherwise condensed as
 * little as needed, which a note in it says. Functions and stacks are never left out, so their size is the least.
 */
export function packToFit(data: SessionData, limit: number): string {
  const text = JSON.stringify(pack(data))
  let smallest = text
  for (const [condensed, resolutionUs] of text.length > limit ? condensedBy(data) : []) {
    smallest = JSON.stringify(pack(noted(condensed, resolutionUs)))
    if (smallest.length <= limit) {
      break
    }
  }
  return smallest.length < text.length ? smallest : text
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
