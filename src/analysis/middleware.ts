import type { SessionData, SpanRecord } from '../session/records.ts'
import { AWAIT, BLOCKED } from '../session/records.ts'
import { forEachSample } from '../session/tree.ts'

/** The time of one of Hono's middleware or handlers. All times are milliseconds. */
export interface MiddlewareTime {
  name: string
  kind: 'middleware' | 'handler'
  /** How many middleware stand around it. */
  depth: number
  /** From its start to its end, with what it passes on to. */
  time: number
  /** Without the middleware and handlers inside. */
  ownTime: number
  /** The part of `ownTime` on the processor, garbage collection included. */
  cpuTime: number
  /** The part of `ownTime` in which it waited. */
  awaitTime: number
  /** The part of `ownTime` in which other work kept the event loop from it. */
  blockedTime: number
  /** How often it ran: more than once where requests were merged. */
  count: number
}

/** A place in Hono's chain. */
export interface ChainPlace {
  times: MiddlewareTime
  /** How `ownTime` is divided among stack entries, in microseconds. */
  ownUs: Map<number, number>
}

/** Hono's chain in order of start. In a merged session, what stands at one place of the chain is one entry. */
export function middlewareTimes(data: SessionData): MiddlewareTime[] {
  return chainPlaces(data).map(({ times }) => times)
}

/** The places of Hono's chain in the same order, each with the stacks that its time went to. */
export function chainPlaces(data: SessionData): ChainPlace[] {
  const places = new Map<string, ChainPlace>()
  const pathOf: string[] = []
  const depthOf: number[] = []
  const placeOf: (ChainPlace | undefined)[] = []
  data.spans.forEach((span, i) => {
    const above = pathOf[span.parent] ?? ''
    const depth = depthOf[span.parent] ?? 0
    if (span.kind === 'user') {
      pathOf[i] = above
      depthOf[i] = depth
      return
    }
    const path = `${above}\0${span.kind}:${span.name}`
    pathOf[i] = path
    depthOf[i] = depth + 1
    const place = places.get(path) ?? newPlace(span.name, span.kind, depth)
    places.set(path, place)
    placeOf[i] = place
    place.times.time += (span.endUs - span.startUs) / 1000
    place.times.count++
  })
  addOwnTimes(data, placeOf)
  return [...places.values()]
}

function newPlace(name: string, kind: MiddlewareTime['kind'], depth: number): ChainPlace {
  const none = { time: 0, ownTime: 0, cpuTime: 0, awaitTime: 0, blockedTime: 0 }
  return { times: { name, kind, depth, ...none, count: 0 }, ownUs: new Map() }
}

/** Gives each stretch of a sample to the innermost span around it: the deepest, and of several the last that began. */
function addOwnTimes(data: SessionData, placeOf: readonly (ChainPlace | undefined)[]): void {
  const { spans } = data
  const edgesUs = [...new Set(spans.flatMap(({ startUs, endUs }) => [startUs, endUs]))]
  edgesUs.sort((a, b) => a - b)
  const holders = edgesUs.map(() => undefined as ChainPlace | undefined)
  const position = new Map(edgesUs.map((us, i) => [us, i]))
  for (const i of byDepth(spans)) {
    if (placeOf[i]) {
      holders.fill(placeOf[i], position.get(spans[i]!.startUs), position.get(spans[i]!.endUs))
    }
  }
  let edge = 0
  forEachSample(data, (stack, startUs, durationUs, state) => {
    const endUs = startUs + durationUs
    while (edge + 1 < edgesUs.length && edgesUs[edge + 1]! <= startUs) {
      edge++
    }
    for (let i = edge; i + 1 < edgesUs.length && edgesUs[i]! < endUs; i++) {
      const us = Math.min(endUs, edgesUs[i + 1]!) - Math.max(startUs, edgesUs[i]!)
      if (us > 0 && holders[i]) {
        const { times, ownUs } = holders[i]!
        addTime(times, state, us / 1000)
        ownUs.set(stack, (ownUs.get(stack) ?? 0) + us)
      }
    }
  })
}

/** Positions of the spans, those further in later. */
function byDepth(spans: readonly SpanRecord[]): number[] {
  const depths: number[] = []
  spans.forEach(({ parent }, i) => {
    depths[i] = parent < 0 ? 0 : depths[parent]! + 1
  })
  return spans
    .map((_span, i) => i)
    .sort((a, b) => depths[a]! - depths[b]! || spans[a]!.startUs - spans[b]!.startUs)
}

function addTime(entry: MiddlewareTime, state: number, ms: number): void {
  entry.ownTime += ms
  if (state === AWAIT) {
    entry.awaitTime += ms
  } else if (state === BLOCKED) {
    entry.blockedTime += ms
  } else {
    entry.cpuTime += ms
  }
}
