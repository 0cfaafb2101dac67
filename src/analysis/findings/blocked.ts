import type { SessionData } from '../../session/records.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'
import { hottestOf } from './processor.ts'

/** The part of the request that has to be blocked. */
const LEAST_SHARE = 0.1

/** Other work that held the event loop while the request was ready to go on, and where most of that work was. */
export function blockedLoop(data: SessionData): Finding[] {
  const time = data.meta.totals.blocked
  if (!isWorthTelling(data, time, LEAST_SHARE)) {
    return []
  }
  const { stack, durationUs } = data.blockers
  const blocker = hottestOf(data, (add) => {
    stack.forEach((entry, i) => {
      add(entry, durationUs[i]!)
    })
  })
  const what = blocker
    ? `; ${placeText(blocker.function, blocker.line)} held it for ${timeText(data, blocker.time)}`
    : ''
  return [
    {
      kind: 'blocked',
      title: `The event loop was busy with other work for ${timeText(data, time)}, ${shareText(data, time)} of the request, while it was ready to go on${what}`,
      advice: blocker
        ? 'Make that work shorter, split it up, or move it to a worker thread: this request itself is not at fault.'
        : 'Look for synchronous work elsewhere in this process: this request itself is not at fault.',
      time,
      saving: time,
      function: blocker?.function,
      line: blocker?.line ?? 0,
      waits: [],
      view: 'timeline',
    },
  ]
}
