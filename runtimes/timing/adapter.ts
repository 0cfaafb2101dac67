import type { Adapter, Recording, RecordingOptions } from '../../src/adapter.ts'
import type { ContextStorage } from '../../src/capture/await-tracker/port.ts'
import type { Restore } from '../../src/capture/patch.ts'
import { patchMethod } from '../../src/capture/patch.ts'
import { wrapWebApis } from '../../src/capture/wrapped-apis.ts'
import { wrapTimers } from '../../src/capture/wrapped-timers.ts'
import { TimingRecording } from './recording.ts'
import type { TimerTracker, TimingPort } from './tracker.ts'
import { lazyFrames, TimingTracker } from './tracker.ts'

/** Makes an adapter that needs nothing but spans, wrapped APIs and a clock. */
export function createTimingAdapter(port: TimingPort): Adapter {
  const tracker = new TimingTracker<TimingRecording>(port)
  return {
    async start(options: RecordingOptions): Promise<Recording> {
      await tracker.prepare()
      return new TimingRecording(tracker, options)
    },

    current: () => tracker.current()?.timed.track.owner,

    likely: function likely() {
      return tracker.likely(lazyFrames(likely))?.timed.track.owner
    },

    uncounted(work) {
      const startUs = tracker.nowUs()
      try {
        return work()
      } finally {
        tracker.pauseAll(startUs, tracker.nowUs())
      }
    },
  }
}

/** What this runtime has: its clock, its `AsyncLocalStorage` if there is a global one, its timers and web APIs. */
export function timingPort(): TimingPort {
  const { AsyncLocalStorage: Storage, performance } = globalThis as typeof globalThis & {
    AsyncLocalStorage?: new () => ContextStorage
  }
  // Bound now, so that fake timers of an application do not reach it.
  const nowMs = (performance as Performance | undefined)?.now.bind(performance) ?? Date.now
  return {
    nowUs: () => nowMs() * 1000,
    storage: Storage && new Storage(),
    wrapApis,
  }
}

/** Wraps timers and the web platform's asynchronous functions. */
export function wrapApis(tracker: TimerTracker): Restore {
  const restores = [
    wrapTimers(tracker, { global: globalThis }),
    wrapCancel(tracker, 'clearTimeout'),
    wrapCancel(tracker, 'clearInterval'),
    wrapWebApis(tracker),
  ]
  return () => {
    for (const restore of restores) {
      restore?.()
    }
  }
}

function wrapCancel(tracker: TimerTracker, name: string): Restore | undefined {
  return patchMethod(
    globalThis,
    name,
    (cancel) =>
      function wrapper(this: unknown, ...args) {
        tracker.cancelled(args[0])
        return cancel.apply(this, args)
      }
  )
}
