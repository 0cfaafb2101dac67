import type { Capture, SourceLookup } from '../adapter.ts'
import type { RequestMeta, SessionData, SessionMeta, SpanRecord } from '../session/records.ts'
import { SESSION_FORMAT, SESSION_VERSION } from '../session/records.ts'
import { findCauses } from './causality.ts'
import { compact } from './compact.ts'
import { FunctionTable } from './functions.ts'
import { LogicalStacks } from './logical-stacks.ts'
import type { PathRules } from './paths.ts'
import { outermost } from './pauses.ts'
import { withFullRoute } from './route-names.ts'
import { nameMiddleware } from './span-names.ts'
import { StackBuilder } from './stack-builder.ts'
import type { Steps } from './steps.ts'
import { stitch } from './stitch.ts'
import { BlockerLog, Timeline } from './timeline.ts'
import { totalsOf } from './totals.ts'
import { WaitPlaces } from './wait-places.ts'

/** What a capture does not know of itself. */
export interface CaptureContext {
  description: string
  runtime: string
  runtimeVersion: string
  paths: PathRules
  request?: RequestMeta
}

/**
 * Turns what a runtime captured into the records of a session.
 *
 * @param sources What is known of the text of what ran; only what the capture itself tells by default.
 */
export function* normalize(
  captured: Capture,
  context: CaptureContext,
  sources: Partial<SourceLookup> = ownPositions(captured)
): Steps<SessionData> {
  const capture = { ...captured, pauses: outermost(captured.pauses) }
  const functions = new FunctionTable(context.paths, sources)
  const builder = new StackBuilder()
  const stacks = new LogicalStacks(capture, functions, builder)
  const causality = findCauses(capture)
  const places = new WaitPlaces(capture, stacks, builder, functions, causality)
  const timeline = new Timeline(capture)
  const blockers = new BlockerLog()
  const sampleCount = yield* stitch({ capture, stacks, places, timeline, blockers })
  yield
  const { samples } = timeline
  const notes = [...capture.notes, ...[...functions.joinedFiles].map(joinedNote)]
  const waits = places.records(timeline)
  const waitStacks = waits.map(({ stack }) => stack)
  const records = functions.records.map(withFullRoute(capture.spans))
  const tables = { functions: records, stacks: builder.table }
  const awaiting = waits.map((wait) => wait.awaiting ?? -1)
  const kept = compact(tables, [samples.stack, blockers.table.stack, waitStacks, awaiting])
  const data = {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    meta: { ...describe(capture, context, timeline, sampleCount), notes },
    functions: kept.functions,
    stacks: kept.stacks,
    samples,
    blockers: blockers.table,
    waits: waits.map((wait, i) => ({
      ...wait,
      stack: waitStacks[i]!,
      ...(wait.awaiting === undefined ? {} : { awaiting: awaiting[i]! }),
    })),
    spans: capture.spans.map((span) => toSessionSpan(span, timeline)),
  } satisfies SessionData
  return { ...data, ...nameMiddleware(data) }
}

function ownPositions({ originalPosition }: Capture): Partial<SourceLookup> {
  return originalPosition ? { position: originalPosition } : {}
}

function joinedNote(file: string): string {
  return `the lines of functions in ${file} are not told apart: what runs has them on one line, as tsx and minifiers write it; Node itself runs TypeScript (from 22.18) with its lines`
}

function describe(
  capture: Capture,
  context: CaptureContext,
  timeline: Timeline,
  sampleCount: number
): SessionMeta {
  const { description, runtime, runtimeVersion, request } = context
  const meta: SessionMeta = {
    description,
    runtime,
    runtimeVersion,
    startTime: capture.startTime,
    duration: timeline.durationUs / 1000,
    interval: capture.intervalUs / 1000,
    sampleCount,
    totals: totalsOf(timeline.samples),
    fidelity: capture.fidelity,
    overhead: {
      start: capture.startOverhead,
      excluded: timeline.excludedUs / 1000,
      stop: capture.stopOverhead,
    },
    notes: [],
    runs: 1,
  }
  if (!request) {
    return meta
  }
  const { firstByteUs } = capture
  const timeToFirstByte =
    firstByteUs === undefined ? {} : { timeToFirstByte: timeline.toSessionUs(firstByteUs) / 1000 }
  return { ...meta, request: { ...request, ...timeToFirstByte } }
}

function toSessionSpan(span: SpanRecord, timeline: Timeline): SpanRecord {
  return {
    ...span,
    startUs: timeline.toSessionUs(span.startUs),
    endUs: timeline.toSessionUs(span.endUs),
  }
}
