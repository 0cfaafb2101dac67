import type {
  Adapter,
  Capture,
  Recording,
  RecordingOptions,
  SourceFiles,
} from '../../src/adapter.ts'
import { AwaitTracker } from '../../src/capture/await-tracker/await-tracker.ts'
import type { ApiTracker } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import type { Operation } from '../../src/capture/track.ts'
import type { TrackedRecording } from '../../src/capture/tracked-recording.ts'
import { startTrackedRecording } from '../../src/capture/tracked-recording.ts'
import { wrapWebApis } from '../../src/capture/wrapped-apis.ts'
import { wrapTimers } from '../../src/capture/wrapped-timers.ts'
import { callerFrame, captureStack, readHookStack } from '../common/call-sites.ts'
import { watchedBindings } from './bindings.ts'
import { isFrozen, nowUs } from './clock.ts'
import { withClearEdges } from './edges.ts'
import { withEarlySamples } from './late-samples.ts'
import { immediateScope, processScope } from './platform.ts'
import { sourceText } from './positions.ts'
import { positions, startSampling } from './sampling.ts'
import { makeStorage, tellsRequestsApart } from './storage.ts'
import { withSampledTails } from './tails.ts'

const FIDELITY = {
  cpu: 'V8 samples; each stretch in which the request held the processor is timed in whole milliseconds',
  cpuUnsampled:
    'timed in whole milliseconds, but not sampled: it stands at the function that was resumed, not at those it called',
  waits:
    'every await of a promise and every timer was seen as it began and ended, in whole milliseconds',
}

const FROZEN_FIDELITY = {
  cpuUnsampled: 'unknown: the clock stands still while code runs, so it takes no time here',
  waits:
    'every await of a promise and every timer, as far as the clock went on: it does when something is received',
}

const tracker = new AwaitTracker<TrackedRecording>({
  nowUs,
  storage: makeStorage(),
  captureStack,
  ...immediateScope(),
  // Local bindings are served on the thread of the worker.
  isDrainLate: true,
  wrapApis: watchApis,
})

const runtime = {
  tracker,
  nowUs,
  startSampling: (options: RecordingOptions) => startSampling(options, uncounted),
  readStack: ({ stack, type }: Operation) =>
    readHookStack(stack as { stack?: unknown }, type === 'reaction'),
  callerFrame,
  get fidelity() {
    return isFrozen() ? { ...FIDELITY, ...FROZEN_FIDELITY } : FIDELITY
  },
}

function watchApis(apis: ApiTracker): Restore {
  const restores = [wrapTimers(apis, { global: globalThis, ...processScope() }), wrapWebApis(apis)]
  return () => {
    for (const restore of restores) {
      restore()
    }
  }
}

function uncounted<T>(work: () => T): T {
  const startUs = nowUs()
  try {
    return work()
  } finally {
    tracker.pauseAll(startUs, nowUs())
  }
}

/** Longer than the search for an inspector takes: a request that was cancelled meanwhile tells nobody. */
const LONGEST_START_US = 15_000_000

/** Since when a recording starts that has not begun yet. */
let startingUs = -Infinity

function isRecording(): boolean {
  return tracker.current() !== undefined || nowUs() - startingUs < LONGEST_START_US
}

async function start(options: RecordingOptions): Promise<TrackedRecording> {
  startingUs = nowUs()
  try {
    return await startTrackedRecording(runtime, options)
  } catch (error) {
    startingUs = -Infinity
    throw error
  }
}

/** workerd: V8's sampler through its inspector, awaits through the getter. */
export const workerdAdapter: Adapter = {
  async start(options: RecordingOptions): Promise<Recording> {
    if (!tellsRequestsApart && isRecording()) {
      throw new Error(
        'another request is being recorded, or was cancelled a moment ago; ask again in 15 seconds, or add nodejs_compat to the compatibility flags, so that both can be'
      )
    }
    const recording = await start(options)
    return {
      run: (request) => {
        const running = recording.run(request)
        startingUs = -Infinity
        return running
      },
      span: (name, kind, work) => recording.span(name, kind, work),
      firstByte: () => {
        recording.firstByte()
      },
      bindings: (env) => watchedBindings(tracker, env),
      stop: async () => completed(await recording.stop()),
    }
  },

  current: () => (tellsRequestsApart ? tracker.current()?.owner : undefined),

  likely: () => tracker.current()?.owner,

  uncounted,
}

async function completed(recorded: Capture): Promise<Capture> {
  await positions.update(undefined, new Set())
  const capture = { ...recorded, segments: withSampledTails(recorded) }
  return {
    ...capture,
    samples: withEarlySamples(withClearEdges(capture), capture.segments, capture.intervalUs),
    originalPosition: positions.original,
    files: FILES,
    notes: [...capture.notes, ...(tellsRequestsApart ? [] : [SHARED_NOTE])],
  }
}

/** Maps are followed by `positions` already; they hold the sources as well. */
const FILES: SourceFiles = {
  map: () => Promise.resolve(undefined),
  text: (file) => Promise.resolve(sourceText(file)),
  breathe: () => Promise.resolve(),
  load: () => import('../../src/source/load.ts'),
}

const SHARED_NOTE =
  'What other requests awaited meanwhile may stand here too, because this worker has no AsyncLocalStorage: ' +
  'add nodejs_compat to the compatibility flags'
