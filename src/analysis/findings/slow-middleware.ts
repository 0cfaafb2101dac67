import type { SessionData } from '../../session/records.ts'
import { chainFunction, outermostInChain } from '../hono-chain.ts'
import type { ChainPlace } from '../middleware.ts'
import { chainPlaces } from '../middleware.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'
import { hottestOf } from './processor.ts'

/** The part of the request that a middleware has to take for itself. */
const LEAST_SHARE = 0.2

/** Every route behind it pays, and mostly it can be shortened, not left out. */
const LIKELY_SAVING = 0.5

/** The middleware that takes most for itself, without the handlers and middleware that it passes on to. */
export function slowMiddleware(data: SessionData): Finding[] {
  const slow = chainPlaces(data)
    .filter(
      ({ times: { kind, ownTime } }) =>
        kind === 'middleware' && isWorthTelling(data, ownTime, LEAST_SHARE)
    )
    .sort((a, b) => b.times.ownTime - a.times.ownTime)
  return slow.slice(0, 1).map((place) => describe(data, place))
}

function describe(data: SessionData, { times, ownUs }: ChainPlace): Finding {
  const { name, ownTime, awaitTime } = times
  const record = chainFunction(data, name)
  const outermost = outermostInChain(data)
  const hottest = hottestOf(data, (add) => {
    ownUs.forEach((us, entry) => {
      add(entry < 0 ? -1 : outermost[entry]!, us)
    })
  })
  const isItself = hottest !== undefined && hottest.function === record
  const where = placeText(
    record ?? { ...NOWHERE, name },
    isItself ? hottest.line : (record?.line ?? 0)
  )
  const subject = name.endsWith(' middleware') ? where : `middleware ${where}`
  const waits = awaitTime > 0 ? `, ${timeText(data, awaitTime)} of it waiting` : ''
  const most =
    hottest && !isItself ? `, most of it in ${placeText(hottest.function, hottest.line)}` : ''
  return {
    kind: 'slow-middleware',
    title: `The ${subject} takes ${timeText(data, ownTime)} for itself, ${shareText(data, ownTime)} of the request${waits}${most}`,
    advice:
      'Every route behind it pays this: cache what it looks up, start it early, or use it only where it is needed.',
    time: ownTime,
    saving: ownTime * LIKELY_SAVING,
    function: hottest?.function ?? record,
    line: hottest?.line ?? record?.line ?? 0,
    waits: [],
    view: 'middleware',
  }
}

const NOWHERE = { file: '', fileShort: '', line: 0, column: 0, origin: 'app' } as const
