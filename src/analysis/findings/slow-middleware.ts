import type { SessionData } from '../../session/records.ts'
import { chainFunction } from '../hono-chain.ts'
import type { MiddlewareTime } from '../middleware.ts'
import { middlewareTimes } from '../middleware.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'

/** The part of the request that a middleware has to take for itself. */
const LEAST_SHARE = 0.2

/** Every route behind it pays, and mostly it can be shortened, not left out. */
const LIKELY_SAVING = 0.5

/** The middleware that takes most for itself, without the handlers and middleware that it passes on to. */
export function slowMiddleware(data: SessionData): Finding[] {
  const slow = middlewareTimes(data)
    .filter(
      ({ kind, ownTime }) => kind === 'middleware' && isWorthTelling(data, ownTime, LEAST_SHARE)
    )
    .sort((a, b) => b.ownTime - a.ownTime)
  return slow.slice(0, 1).map((entry) => describe(data, entry))
}

function describe(data: SessionData, { name, ownTime, awaitTime }: MiddlewareTime): Finding {
  const record = chainFunction(data, name)
  const line = record?.line ?? 0
  const where = placeText(record ?? { ...NOWHERE, name }, line)
  const subject = name.endsWith(' middleware') ? where : `middleware ${where}`
  const waits = awaitTime > 0 ? `, ${timeText(data, awaitTime)} of it waiting` : ''
  return {
    kind: 'slow-middleware',
    title: `The ${subject} takes ${timeText(data, ownTime)} for itself, ${shareText(data, ownTime)} of the request${waits}`,
    advice:
      'Every route behind it pays this: cache what it looks up, start it early, or use it only where it is needed.',
    time: ownTime,
    saving: ownTime * LIKELY_SAVING,
    function: record,
    line,
    waits: [],
    view: 'middleware',
  }
}

const NOWHERE = { file: '', fileShort: '', line: 0, column: 0, origin: 'app' } as const
