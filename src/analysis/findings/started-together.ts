import type { SessionData, WaitRecord } from '../../session/records.ts'
import { applicationEntries } from '../lines.ts'

/** Fewer calls end with the members of a `Promise.all` by chance. */
const LEAST_CALLS = 3

/** A member ends with its call, or before so much of the call's own time has gone by. */
const LATEST_END = 0.25

/** Time in which a call waits. */
interface CallWait {
  startUs: number
  endUs: number
  /** Stack entry of the line that awaits. */
  site: number
}

/**
 * Whether waits of one request that follow one another are those of calls that `Promise.all` further out started
 * together, and that a limit, a pool or a lock lets run one at a time: each ends one of its members, which were all
 * awaited before the first had ended.
 */
export function areStartedTogether(data: SessionData, calls: readonly CallWait[]): boolean {
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
  const { parent, function: fn } = data.stacks
  const callSites = applicationEntries(data)
  // One call may go on at several lines.
  const key = (entry: number): string => `${parent[entry]}:${fn[entry]}`
  const above = new Set<string>()
  for (let entry = parent[site]!; entry >= 0; entry = parent[entry]!) {
    above.add(key(entry))
  }
  return data.waits.filter(({ name, stack, awaiting = stack }) => {
    const entry = awaiting < 0 ? -1 : callSites[awaiting]!
    return name === 'Promise.all' && entry >= 0 && above.has(key(entry))
  })
}
