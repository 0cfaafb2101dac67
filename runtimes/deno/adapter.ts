import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter, Recording, RecordingOptions } from '../../src/adapter.ts'
import { AwaitTracker } from '../../src/capture/await-tracker/await-tracker.ts'
import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import type { Operation } from '../../src/capture/track.ts'
import type { Sampling, TrackedRecording } from '../../src/capture/tracked-recording.ts'
import { startTrackedRecording } from '../../src/capture/tracked-recording.ts'
import { wrapWebApis } from '../../src/capture/wrapped-apis.ts'
import { wrapTimers } from '../../src/capture/wrapped-timers.ts'
import { readV8Profile } from '../../src/normalize/v8-profile.ts'
import { callerFrame, captureStack, readHookStack } from '../common/call-sites.ts'
import { sourceFiles } from '../common/source-files.ts'
import { Positions } from './positions.ts'
import { Sampler } from './sampler.ts'

const FIDELITY = {
  cpu: 'V8 samples; each stretch in which the request held the processor is timed from resumption to the next microtask',
  cpuUnsampled:
    'timed, but not sampled: it stands at the function that was resumed, not at those it called',
  waits: 'every await of a promise and every timer of the request was seen as it began and ended',
}

/** Reads the clock in microseconds. Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)
const nowUs = (): number => now() * 1000

/** Bound now, since it is wrapped while something is recorded. */
const nextTick = process.nextTick.bind(process)

const tracker = new AwaitTracker<TrackedRecording>({
  nowUs,
  storage: new AsyncLocalStorage(),
  captureStack,
  afterDrain: nextTick,
  wrapApis,
})

const uncounted = <T>(work: () => T): T => {
  const startUs = nowUs()
  try {
    return work()
  } finally {
    tracker.pauseAll(startUs, nowUs())
  }
}

const sampler = new Sampler(nowUs, uncounted)

const runtime = {
  tracker,
  nowUs,
  startSampling,
  readStack: ({ stack, type }: Operation) =>
    readHookStack(stack as { stack?: unknown }, type === 'reaction'),
  callerFrame,
  fidelity: FIDELITY,
  files: sourceFiles,
}

function wrapApis(apis: ApiTracker): Restore {
  const restores = [wrapTimers(apis, { global: globalThis, process }), wrapWebApis(apis)]
  return () => {
    for (const restore of restores) {
      restore()
    }
  }
}

async function startSampling({ intervalUs }: RecordingOptions): Promise<Sampling> {
  const title = await sampler.start(intervalUs)
  return {
    intervalUs: sampler.intervalUs,
    async stop() {
      const { profile, coverage, clockOffsetUs } = await sampler.stop(title)
      const positions = new Positions(coverage)
      const samples = readV8Profile(profile, clockOffsetUs)
      return {
        samples: { ...samples, frames: (stack) => samples.frames(stack).map(positions.ofSample) },
        ofCallSite: positions.ofCallSite,
        originalPosition: positions.original,
        notes: positions.notes,
      }
    },
  }
}

/** Deno: V8's sampler through `node:inspector`, awaits through the getter. */
export const denoAdapter: Adapter & { rest(): void } = {
  start: (options: RecordingOptions): Promise<Recording> => startTrackedRecording(runtime, options),

  keepWarm: (intervalUs: number): Promise<void> => sampler.keepWarm(intervalUs),

  /** Ends what goes on beside recordings. */
  rest(): void {
    sampler.rest()
  },

  current: () => tracker.current()?.owner,

  uncounted,
}
