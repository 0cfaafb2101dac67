import type { SessionData, WaitRecord } from '../../session/records.ts'
import { awaitingEntries } from '../lines.ts'
import type { Turn } from './turns.ts'
import { callKey } from './turns.ts'

/** Fewer calls end with the members of a `Promise.all` by chance. */
const LEAST_CALLS = 3

/** A member ends with its call, or before so much of the call's own time has gone by. */
const LATEST_END = 0.25

/**
 * Whether waits of one request that follow one another are those of calls that `Promise.all` further out started
 * together, and that a limit, a pool or a lock lets run one at a time: each ends one of its members, which were all
 * awaited before the first had ended.
 */
export function areStartedTogether(data: SessionData, calls: readonly Turn[]): boolean {
  const [first] = calls
  if (!first || calls.length < LEAST_CALLS) {
    return false
  }
  const members = membersAbove(data, first.site).filter((each) => each.awaitedUs < first.endUs)
  return calls.every(({ startUs, endUs }) => {
    const latestUs = endUs + LATEST_END * (endUs - startUs)
    return members.some((member) => member.endUs >= endUs && member.endUs <= latestUs)
  })
}

/** The members of `Promise.all` that functions await which lead to a stack entry. */
function membersAbove(data: SessionData, site: number): WaitRecord[] {
  const { stacks } = data
  const sites = awaitingEntries(data)
  const above = new Set<string>()
  for (let entry = stacks.parent[site]!; entry >= 0; entry = stacks.parent[entry]!) {
    above.add(callKey(stacks, entry))
  }
  return data.waits.filter(({ name }, i) => {
    const site = sites[i]!
    return name === 'Promise.all' && site >= 0 && above.has(callKey(stacks, site))
  })
}
