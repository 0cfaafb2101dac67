import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter, Recording, RecordingOptions } from '../../src/adapter.ts'
import { AwaitTracker } from '../../src/capture/await-tracker/await-tracker.ts'
import type { Restore } from '../../src/capture/patch.ts'
import type { TrackedRecording, TrackedRuntime } from '../../src/capture/tracked-recording.ts'
import { startTrackedRecording } from '../../src/capture/tracked-recording.ts'
import { sourceFiles } from '../common/source-files.ts'
import { installedAwait, takeAwaitSite } from './await-sites.ts'
import { callerFrame, captureStack, readStack } from './call-sites.ts'
import { Sampler } from './sampler.ts'
import { functionAt } from './source-functions.ts'
import { columnOf } from './transformed-files.ts'
import { wrapApis } from './wrapped-apis.ts'

/** Reads the clock in microseconds. Bound now, so that fake timers of an application do not reach it. */
const now = performance.now.bind(performance)
const nowUs = (): number => now() * 1000

const tracker = new AwaitTracker<TrackedRecording>({
  nowUs,
  storage: new AsyncLocalStorage(),
  losesContext: true,
  captureStack: (hook, awaited) => (awaited && takeAwaitSite(awaited)) ?? captureStack(hook),
  wrapApis(apis) {
    const restoreApis = wrapApis(apis)
    const restoreAwait = watchAwaits()
    return () => {
      restoreApis()
      restoreAwait()
    }
  },
})

/** With the preload, the line that awaits tells itself. */
function watchAwaits(): Restore {
  const awaited = installedAwait()
  if (!awaited) {
    return () => undefined
  }
  awaited.watch = {
    stackOf: (hook) =>
      tracker.current() ? bunAdapter.uncounted(() => captureStack(hook)) : undefined,
    defer: (name, hook) => {
      tracker.defer(name, hook)
    },
  }
  return () => {
    awaited.watch = undefined
  }
}

const sampler = new Sampler({
  nowUs,
  source: { functionAt, columnOf },
  onWork: (startUs, endUs) => {
    tracker.pauseAll(startUs, endUs)
  },
})

const CPU =
  'JavaScriptCore samples; each stretch in which the request held the processor is timed exactly'
const WAITS = 'timed exactly, at the line that awaits'

/** What Bun does not tell of a program that runs without `bun --preload hono-profiler/preload`. */
const WITHOUT_PRELOAD = {
  cpu: 'a function that ends with a call is left out while what it called runs',
  waits:
    'where Bun does not tell which function that is, at the line that called it (exact with `bun --preload hono-profiler/preload`)',
}

const runtime: TrackedRuntime = {
  tracker,
  nowUs,
  startSampling: ({ intervalUs }) => sampler.start(intervalUs),
  readStack,
  callerFrame,
  files: sourceFiles,
  fidelity: {
    get cpu() {
      return installedAwait() ? CPU : `${CPU}; ${WITHOUT_PRELOAD.cpu}`
    },
    cpuUnsampled:
      'timed exactly, but not sampled: it stands at the function that was resumed, not at those it called',
    get waits() {
      return installedAwait() ? WAITS : `${WAITS}; ${WITHOUT_PRELOAD.waits}`
    },
  },
}

/** Bun: JSC's sampler, and awaits told by the constructor of promises. */
export const bunAdapter: Adapter = {
  start: (options: RecordingOptions): Promise<Recording> => startTrackedRecording(runtime, options),
  current: () => tracker.current()?.owner,

  uncounted<T>(work: () => T): T {
    const startUs = nowUs()
    try {
      return work()
    } finally {
      tracker.pauseAll(startUs, nowUs())
    }
  },
}
