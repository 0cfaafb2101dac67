import type { SessionData } from '../session/records.ts'

/** When each of the merged requests began, in microseconds of the session, and at last when all had ended. */
export function runEdges({ meta: { durations, duration } }: SessionData): number[] {
  const edgesUs = [0]
  for (const ms of durations ?? [duration]) {
    edgesUs.push(edgesUs.at(-1)! + Math.round(ms * 1000))
  }
  return edgesUs
}

/** The position of the last edge that is not after `us`; edges ascend. */
export function edgeBefore(edgesUs: readonly number[], us: number): number {
  let low = 0
  let high = edgesUs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (edgesUs[middle]! <= us) {
      low = middle
    } else {
      high = middle - 1
    }
  }
  return low
}
