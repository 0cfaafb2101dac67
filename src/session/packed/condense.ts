import type { SessionData } from '../records.ts'
import { STATES } from '../records.ts'

/** A sample this many times shorter than the resolution may change its place; a longer one keeps it. */
const MOVABLE_PART = 4

/**
 * The session with fewer samples: those within `resolutionUs` microseconds of each other stand in the order of
 * their stacks, and those of one stack and state are one. All sums stay exact, by stack and by state, and
 * nothing moves further than `resolutionUs`.
 */
export function condense(data: SessionData, resolutionUs: number): SessionData {
  const { stack, durationUs, state } = data.samples
  const samples: SessionData['samples'] = { stack: [], durationUs: [], state: [] }
  const states = STATES.length
  const open = new Map<number, number>()
  let openUs = 0
  const close = () => {
    for (const key of [...open.keys()].sort((a, b) => a - b)) {
      samples.stack.push(Math.floor(key / states) - 1)
      samples.durationUs.push(open.get(key)!)
      samples.state.push(key % states)
    }
    open.clear()
    openUs = 0
  }
  for (let i = 0; i < stack.length; i++) {
    const us = durationUs[i]!
    if (openUs + us > resolutionUs || us > resolutionUs / MOVABLE_PART) {
      close()
    }
    const key = (stack[i]! + 1) * states + state[i]!
    open.set(key, (open.get(key) ?? 0) + us)
    openUs += us
    if (us > resolutionUs / MOVABLE_PART) {
      close()
    }
  }
  close()
  return { ...data, samples }
}
