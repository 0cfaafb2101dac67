import type { Adapter, Recording, RecordingOptions } from '../../src/adapter.ts'
import { AsyncTracker } from './async-tracker.ts'
import { nowUs } from './clock.ts'
import { NodeRecording } from './recording.ts'
import { Sampler } from './sampler.ts'

/** Node: V8's sampler through `node:inspector`, awaits through `async_hooks`. */
class NodeAdapter implements Adapter {
  readonly #tracker = new AsyncTracker<NodeRecording>()

  readonly uncounted = <T>(work: () => T): T => {
    const startUs = nowUs()
    try {
      return work()
    } finally {
      this.#tracker.pauseAll(startUs, nowUs())
    }
  }

  readonly #sampler = new Sampler(this.uncounted)

  async start(options: RecordingOptions): Promise<Recording> {
    const isFirst = this.#sampler.isIdle
    const recording = new NodeRecording(this.#sampler, this.#tracker, options)
    if (isFirst) {
      await recording.warmUp()
    }
    return recording
  }

  keepWarm(intervalUs: number): void {
    this.#sampler.keepWarm(intervalUs)
  }

  /** Ends what goes on beside recordings. */
  rest(): void {
    this.#sampler.rest()
  }

  current(): Recording | undefined {
    return this.#tracker.current()?.owner
  }
}

export const nodeAdapter: NodeAdapter = new NodeAdapter()
