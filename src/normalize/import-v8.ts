import { GC_STACK, IDLE_STACK } from '../adapter.ts'
import type { SessionData } from '../session/records.ts'
import { AWAIT, CPU, GC } from '../session/records.ts'
import { FunctionTable } from './functions.ts'
import { importedSession } from './imported-session.ts'
import type { PathRules } from './paths.ts'
import { REQUEST, StackBuilder } from './stack-builder.ts'
import type { V8Profile } from './v8-profile.ts'
import { readV8Profile } from './v8-profile.ts'

/** What a profile does not know of itself. */
export interface ImportContext {
  /** What was profiled, as the report calls it. */
  description: string
  paths: PathRules
}

/**
 * Turns a profile of V8, as `.cpuprofile` files hold it, into the records of a session. It knows nothing of
 * requests: all of the process is in one tree, and waiting stands at its root.
 */
export function importV8Profile(profile: V8Profile, context: ImportContext): SessionData {
  const captured = readV8Profile(profile)
  const { timeUs, stack } = captured
  const functions = new FunctionTable(context.paths)
  const builder = new StackBuilder()
  const entries = new Map<number, number>()
  const entryOf = (sample: number): number => {
    let entry = entries.get(sample)
    if (entry === undefined) {
      entry = captured
        .frames(sample)
        .reduce(
          (parent, frame) =>
            builder.push(parent, functions.intern(frame.function), functions.lineOf(frame)),
          REQUEST
        )
      entries.set(sample, entry)
    }
    return entry
  }

  const samples: SessionData['samples'] = { stack: [], durationUs: [], state: [] }
  let endUs = 0
  let last = REQUEST
  for (let i = 0; i < timeUs.length; i++) {
    const sample = stack[i]!
    last = sample >= 0 ? entryOf(sample) : sample === IDLE_STACK ? REQUEST : last
    const nextUs = timeUs[i + 1] ?? profile.endTime
    const untilUs = Math.max(endUs, Math.round((timeUs[i]! + nextUs) / 2 - timeUs[0]!))
    samples.stack.push(last)
    samples.state.push(sample === IDLE_STACK ? AWAIT : sample === GC_STACK ? GC : CPU)
    samples.durationUs.push(untilUs - endUs)
    endUs = untilUs
  }
  return importedSession({
    functions,
    stacks: builder,
    samples,
    description: context.description,
    meta: {
      runtime: 'v8',
      startTime: 0,
      interval: intervalOf(timeUs),
      sampleCount: timeUs.length,
      fidelity: {
        cpu: 'V8 samples of the whole process',
        waits: 'unknown: times in which the process was idle stand at the root',
      },
    },
  })
}

/** The usual milliseconds between two samples: their median. */
function intervalOf(timeUs: ArrayLike<number>): number {
  const gaps = Array.from(timeUs, (us, i) => (i === 0 ? 0 : us - timeUs[i - 1]!))
  gaps.sort((a, b) => a - b)
  return (gaps[gaps.length >> 1] ?? 0) / 1000
}
