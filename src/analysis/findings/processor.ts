import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { AWAIT, BLOCKED } from '../../session/records.ts'
import { forEachSample } from '../../session/tree.ts'
import { functionTimes } from '../functions.ts'
import { applicationEntries } from '../lines.ts'
import { runEdges } from '../runs.ts'
import type { StateFilter } from '../stack-sums.ts'
import { isCpu, isGc, sumStacks } from '../stack-sums.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'

/** The parts of the request that a function and the collector have to take. */
const HOT_SHARE = 0.2
const GC_SHARE = 0.1

/** Making a function faster mostly saves a part of its time. */
const LIKELY_SAVING = 0.5

/** An event loop that is held longer than this keeps others waiting so that they notice, in milliseconds. */
const NOTICEABLE_HOLD = 50

/** A function, its line with most time, and the time of all its lines, in milliseconds. */
interface HotPlace {
  function: FunctionRecord
  line: number
  time: number
}

/** The function that takes most of the processor, with what it calls in libraries. */
export function hotFunction(data: SessionData): Finding[] {
  const place = hottestPlace(data, isCpu) ?? hottestLibraryFunction(data)
  if (!place || !isWorthTelling(data, place.time, HOT_SHARE)) {
    return []
  }
  const { function: record, line, time } = place
  const hold = longestHold(data)
  const held =
    hold > NOTICEABLE_HOLD ? `; the event loop is held for ${Math.round(hold)} ms at a stretch` : ''
  return [
    {
      kind: 'hot-function',
      title: `${placeText(record, line)} takes ${timeText(data, time)} of processor time, ${shareText(data, time)} of the request${held}`,
      advice: held
        ? 'Do less there: a better algorithm, a cache, less data; what has to stay belongs in a worker thread, so that other requests can go on.'
        : 'Do less there: a better algorithm, a cache, or less data.',
      time,
      saving: time * LIKELY_SAVING,
      function: record,
      line,
      waits: [],
      view: 'call-stack',
    },
  ]
}

/** Garbage collection, and the function in which most of it happened. */
export function garbageCollection(data: SessionData): Finding[] {
  const time = data.meta.totals.gc
  if (!isWorthTelling(data, time, GC_SHARE)) {
    return []
  }
  const place = hottestPlace(data, isGc)
  const where = place ? `, most of it in ${placeText(place.function, place.line)}` : ''
  return [
    {
      kind: 'garbage-collection',
      title: `Garbage collection takes ${timeText(data, time)}, ${shareText(data, time)} of the request${where}`,
      advice:
        'Allocate less: fewer intermediate arrays, objects and strings, and less data held at once.',
      time,
      saving: time,
      function: place?.function,
      line: place?.line ?? 0,
      waits: [],
      view: 'timeline',
    },
  ]
}

/** The application function whose lines have most time in some states, what they call in libraries included. */
export function hottestPlace(data: SessionData, accepts: StateFilter): HotPlace | undefined {
  const { selfUs } = sumStacks(data, accepts)
  return hottestOf(data, (add) => {
    for (let entry = 0; entry + 1 < selfUs.length; entry++) {
      add(entry, selfUs[entry + 1]!)
    }
  })
}

/** The application function with most of the times that `addAll` gives stack entries. */
export function hottestOf(
  data: SessionData,
  addAll: (add: (entry: number, us: number) => void) => void
): HotPlace | undefined {
  const { stacks, functions } = data
  const callSites = applicationEntries(data)
  const functionUs = new Map<number, number>()
  const lineUs = new Map<string, number>()
  const lineKey = (entry: number): string => `${stacks.function[entry]}:${stacks.line[entry]}`
  const longestLine = new Map<number, number>()
  addAll((entry, us) => {
    const site = entry < 0 ? -1 : callSites[entry]!
    if (site < 0 || us <= 0) {
      return
    }
    const fn = stacks.function[site]!
    functionUs.set(fn, (functionUs.get(fn) ?? 0) + us)
    lineUs.set(lineKey(site), (lineUs.get(lineKey(site)) ?? 0) + us)
    const longest = longestLine.get(fn)
    if (longest === undefined || lineUs.get(lineKey(site))! > lineUs.get(lineKey(longest))!) {
      longestLine.set(fn, site)
    }
  })
  let best: number | undefined
  for (const [fn, us] of functionUs) {
    if (best === undefined || us > functionUs.get(best)!) {
      best = fn
    }
  }
  if (best === undefined) {
    return undefined
  }
  const record = functions[best]!
  const line = stacks.line[longestLine.get(best)!]! || record.line
  return { function: record, line, time: functionUs.get(best)! / 1000 }
}

/** For requests without code of the application on the stack. */
function hottestLibraryFunction(data: SessionData): HotPlace | undefined {
  const [hottest] = functionTimes(data)
    .filter((entry) => entry.function.origin === 'library')
    .sort((a, b) => b.cpuTime - a.cpuTime)
  return (
    hottest && {
      function: hottest.function,
      line: hottest.function.line,
      time: hottest.cpuTime,
    }
  )
}

/** The longest time that the request held the event loop without giving others a turn, in milliseconds. */
function longestHold(data: SessionData): number {
  let longestUs = 0
  let holdUs = 0
  const beginsRun = new Set(runEdges(data))
  forEachSample(data, (_stack, startUs, durationUs, state) => {
    const isIdle = state === AWAIT || state === BLOCKED
    holdUs = isIdle ? 0 : durationUs + (beginsRun.has(startUs) ? 0 : holdUs)
    longestUs = Math.max(longestUs, holdUs)
  })
  return longestUs / 1000
}
