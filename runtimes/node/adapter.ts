import type { Adapter, Recording, RecordingOptions } from '../../src/adapter.ts'
import { AsyncTracker, nowUs } from './async-tracker.ts'
import { NodeRecording } from './recording.ts'
import { Sampler } from './sampler.ts'

/** Node: V8's sampler through `node:inspector`, awaits through `async_hooks`. */
class NodeAdapter implements Adapter {
  readonly #sampler = new Sampler()
  readonly #tracker = new AsyncTracker<NodeRecording>()

  async start(options: RecordingOptions): Promise<Recording> {
    const isFirst = this.#sampler.isIdle
    const recording = new NodeRecording(this.#sampler, this.#tracker, options)
    if (isFirst) {
      await recording.warmUp()
    }
    return recording
  }

  keepWarm(intervalUs: number): void {
    this.#sampler.keepWarm(intervalUs, this.uncounted)
  }

  /** Ends what goes on for a while after a recording. */
  rest(): void {
    this.#sampler.rest()
  }

  current(): Recording | undefined {
    return this.#tracker.current()?.owner
  }

  readonly uncounted = <T>(work: () => T): T => {
    const startUs = nowUs()
    try {
      return work()
    } finally {
      this.#tracker.pauseAll(startUs, nowUs())
    }
  }
}

export const nodeAdapter: NodeAdapter = new NodeAdapter()
