import type { Capture, CapturedSamples } from '../adapter.ts'
import { GC_STACK, IDLE_STACK, NO_STACK } from '../adapter.ts'
import { AWAIT, BLOCKED, CPU, GC } from '../session/records.ts'
import type { LogicalStacks } from './logical-stacks.ts'
import { SampleShares } from './sample-shares.ts'
import { REQUEST } from './stack-builder.ts'
import type { Steps } from './steps.ts'
import type { BlockerLog, Timeline } from './timeline.ts'
import type { WaitPlaces } from './wait-places.ts'

/**
 * Between two runs there is always a gap of a few microseconds, in which the engine goes from one to the other.
 * Only a longer one is a wait.
 */
const SHORTEST_WAIT_US = 50

/** The event loop wakes up, polls and dispatches: less than this is not blocking by others. */
const SHORTEST_BLOCKING_US = 300

interface Parts {
  capture: Capture
  stacks: LogicalStacks
  places: WaitPlaces
  timeline: Timeline
  blockers: BlockerLog
}

/**
 * Lays the request out in time: the segments in which it held the processor, divided among the stacks that
 * were sampled in them, and the gaps between them, each at the place that waited.
 *
 * @returns How many samples are the request's own.
 */
export function* stitch(all: Parts): Steps<number> {
  const capture = { ...all.capture, samples: withoutPauses(all.capture) }
  const parts = { ...all, capture }
  const { segments } = capture
  const shares = yield* measureShares(parts)
  const samples = new SampleCursor(capture)
  let sampleCount = 0
  for (let segment = 0; segment < segments.run.length; segment++) {
    const startUs = Math.min(segments.startUs[segment]!, capture.endUs)
    const endUs = Math.min(segments.endUs[segment]!, capture.endUs)
    addGap(parts, samples, segment, startUs)
    sampleCount += addSegment(parts, samples, shares, segment, endUs)
    yield
  }
  addGap(parts, samples, segments.run.length, capture.endUs)
  return sampleCount
}

/** Samples of the profiler's own work say nothing of the request, whose time leaves that work out. */
function withoutPauses({ samples, pauses }: Capture): CapturedSamples {
  const timeUs: number[] = []
  const stack: number[] = []
  let pause = 0
  for (let i = 0; i < samples.timeUs.length; i++) {
    const atUs = samples.timeUs[i]!
    while (pause < pauses.startUs.length && pauses.endUs[pause]! <= atUs) {
      pause++
    }
    if (pause === pauses.startUs.length || pauses.startUs[pause]! > atUs) {
      timeUs.push(atUs)
      stack.push(samples.stack[i]!)
    }
  }
  return { timeUs, stack, frames: (index) => samples.frames(index) }
}

/** Walks over the samples in order of time. */
class SampleCursor {
  #next = 0
  readonly #timeUs: ArrayLike<number>

  constructor({ samples }: Capture) {
    this.#timeUs = samples.timeUs
  }

  /** Positions of the samples before `endUs` that were not taken yet, as `[first, end)`. */
  takeUntil(endUs: number): [first: number, end: number] {
    const first = this.#next
    while (this.#next < this.#timeUs.length && this.#timeUs[this.#next]! < endUs) {
      this.#next++
    }
    return [first, this.#next]
  }
}

/** A sample that says something of the request: its time, and the stack and state that it stands for. */
interface Observation {
  timeUs: number
  stack: number
  state: number
}

/** First pass: how the time of runs that resume at one place is divided, over all their samples together. */
function* measureShares({ capture, stacks }: Parts): Steps<SampleShares> {
  const { segments } = capture
  const shares = new SampleShares(capture.intervalUs)
  const samples = new SampleCursor(capture)
  for (let segment = 0; segment < segments.run.length; segment++) {
    samples.takeUntil(segments.startUs[segment]!)
    const [first, end] = samples.takeUntil(segments.endUs[segment]!)
    const run = segments.run[segment]!
    yield* findStacks(capture, stacks, run, first, end)
    const place = stacks.segmentStack(segment)
    const observations = observe(capture, stacks, run, first, end)
    observations.forEach(({ timeUs, stack, state }, i) => {
      const reachUs = reachTo(observations, i, -1, capture) + reachTo(observations, i, 1, capture)
      shares.add(place, timeUs - segments.startUs[segment]!, stack, state, reachUs)
    })
  }
  return shares
}

/** Each stack is looked up once, which takes most of the time; a segment may have thousands of them. */
function* findStacks(
  { samples }: Capture,
  stacks: LogicalStacks,
  run: number,
  first: number,
  end: number
): Steps<void> {
  for (let i = first; i < end; i++) {
    if (samples.stack[i]! >= 0) {
      stacks.sampledStack(run, samples.stack[i]!)
    }
    yield
  }
}

/** How far an observation reaches to one side: half way to its neighbour, at most half an interval. */
function reachTo(
  observations: readonly Observation[],
  index: number,
  side: -1 | 1,
  { intervalUs }: Capture
): number {
  const neighbour = observations[index + side]
  const halfUs = intervalUs / 2
  return neighbour
    ? Math.min(Math.abs(neighbour.timeUs - observations[index]!.timeUs) / 2, halfUs)
    : halfUs
}

function observe(
  { samples }: Capture,
  stacks: LogicalStacks,
  run: number,
  first: number,
  end: number
): Observation[] {
  const observations: Observation[] = []
  for (let i = first; i < end; i++) {
    const sample = samples.stack[i]!
    const timeUs = samples.timeUs[i]!
    if (sample === GC_STACK) {
      const stack = observations.at(-1)?.stack ?? stacks.resumedStack(run)
      observations.push({ timeUs, stack, state: GC })
    } else if (sample !== IDLE_STACK) {
      // Native code between functions belongs to what was seen last.
      const seen = sample === NO_STACK ? undefined : stacks.sampledStack(run, sample)
      const stack = seen ?? observations.at(-1)?.stack ?? stacks.resumedStack(run)
      observations.push({ timeUs, stack, state: CPU })
    }
  }
  return observations
}

/**
 * Divides a segment among its samples. Between two samples each reaches half way; before the first and after
 * the last one, as far as half a sampling interval. What no sample reaches gets what the runs from the same
 * place show as long after they began: many short runs, which samples mostly miss, then add up to the truth.
 */
function addSegment(
  parts: Parts,
  samples: SampleCursor,
  shares: SampleShares,
  segment: number,
  endUs: number
): number {
  const { capture, stacks, timeline } = parts
  const [first, end] = samples.takeUntil(endUs)
  const observations = observe(capture, stacks, capture.segments.run[segment]!, first, end)
  const reachUs = capture.intervalUs / 2
  const startUs = capture.segments.startUs[segment]!
  const addUnseen = (untilUs: number): void => {
    const fromUs = timeline.positionUs
    if (untilUs > fromUs) {
      const place = stacks.segmentStack(segment)
      for (const guess of shares.draw(place, fromUs - startUs, untilUs - startUs)) {
        timeline.add(startUs + guess.endUs, guess.stack, guess.state)
      }
    }
  }
  observations.forEach(({ timeUs, stack, state }, i) => {
    const next = observations[i + 1]
    addUnseen(i === 0 ? timeUs - reachUs : 0)
    timeline.add(
      next ? (timeUs + next.timeUs) / 2 : Math.min(timeUs + reachUs, endUs),
      stack,
      state
    )
  })
  addUnseen(endUs)
  return observations.length
}

/** Adds the gap before a segment: waiting, and at its end perhaps blocking. */
function addGap(parts: Parts, samples: SampleCursor, segment: number, endUs: number): void {
  const { places, timeline } = parts
  const startUs = timeline.positionUs
  const [first, end] = samples.takeUntil(endUs)
  if (endUs - startUs < SHORTEST_WAIT_US) {
    timeline.add(endUs, places.lastStack(timeline), CPU)
    return
  }
  const { stack, sinceUs, dueUs, delivery } = places.ofGap(segment)
  const blockedUs = blockedFrom(parts.capture, first, end, startUs, dueUs)
  if (endUs - blockedUs < SHORTEST_BLOCKING_US) {
    timeline.addWait(dueUs < endUs ? dueUs : endUs, stack, sinceUs)
    timeline.add(endUs, stack, AWAIT)
    return
  }
  timeline.addWait(blockedUs, stack, sinceUs)
  // What others did to bring what the request waits for did not keep it from going on.
  if (delivery && delivery.endUs > blockedUs && delivery.endUs <= endUs) {
    addBlocking(parts, first, end, delivery.startUs, stack)
    timeline.add(delivery.endUs, stack, AWAIT)
  }
  addBlocking(parts, first, end, endUs, stack)
}

/** Adds the stretch from the current position to `untilUs`, in which others had the event loop. */
function addBlocking(
  parts: Parts,
  first: number,
  end: number,
  untilUs: number,
  stack: number
): void {
  const fromUs = parts.timeline.positionUs
  const isShort = untilUs - fromUs < SHORTEST_BLOCKING_US
  parts.timeline.add(untilUs, stack, isShort ? AWAIT : BLOCKED)
  if (!isShort) {
    logBlockers(parts, first, end, fromUs, untilUs)
  }
}

/**
 * When, in a gap, other work kept the event loop from the request: after the last idle sample, provided that
 * other JavaScript was seen since. A timer cannot have been kept back before it was due, and once it is, an idle moment
 * is none of its waiting: some runtimes have one between the work that was in its way and the timer, and a sampler that is
 * late looks like one.
 */
function blockedFrom(
  { samples }: Capture,
  first: number,
  end: number,
  startUs: number,
  dueUs: number
): number {
  const isIdle = (sample: number): boolean =>
    samples.stack[sample] === IDLE_STACK && !(samples.timeUs[sample]! > dueUs)
  let busy = end
  let sawWork = false
  while (busy > first && !isIdle(busy - 1)) {
    busy--
    sawWork ||= samples.stack[busy]! >= 0
  }
  if (!sawWork) {
    return Infinity
  }
  const lastIdleUs = busy > first ? samples.timeUs[busy - 1]! : startUs
  const busyUs = busy > first ? (lastIdleUs + samples.timeUs[busy]!) / 2 : startUs
  return dueUs > busyUs ? dueUs : busyUs
}

function logBlockers(
  { capture, stacks, timeline, blockers }: Parts,
  first: number,
  end: number,
  startUs: number,
  endUs: number
): void {
  const { samples } = capture
  let fromUs = startUs
  for (let i = first; i < end && samples.timeUs[i]! < endUs; i++) {
    if (samples.timeUs[i]! < startUs) {
      continue
    }
    const nextUs = i + 1 < end ? (samples.timeUs[i]! + samples.timeUs[i + 1]!) / 2 : endUs
    const untilUs = Math.min(nextUs, endUs)
    const sample = samples.stack[i]!
    const stack = sample >= 0 ? stacks.foreignStack(sample) : REQUEST
    blockers.add(stack, timeline.toSessionUs(fromUs), timeline.toSessionUs(untilUs))
    fromUs = untilUs
  }
}
