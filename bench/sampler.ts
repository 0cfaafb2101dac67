import type { Profiler } from 'node:inspector'
import { timed } from './measure.ts'

/** The runtime's own sampler of call stacks, without anything around it. */
export interface BareSampler {
  stop(): Promise<Profiler.Profile>
}

/** Starts the runtime's sampler; Deno's inspector answers later, the others at once. */
export async function startSampler(intervalUs: number): Promise<BareSampler> {
  const { Session } = process.getBuiltinModule('node:inspector')
  const session = new Session()
  session.connect()
  const post = (method: string, params?: object): Promise<object> =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => {
        if (error) {
          reject(error)
        } else {
          resolve(result ?? {})
        }
      })
    })
  await post('Profiler.enable')
  await post('Profiler.setSamplingInterval', { interval: intervalUs })
  await post('Profiler.start')
  return {
    async stop() {
      const { profile } = (await post('Profiler.stop')) as { profile: Profiler.Profile }
      session.disconnect()
      return profile
    },
  }
}

/** Milliseconds that some work takes while the runtime's sampler alone runs, at 1 ms. */
export async function sampled(work: () => unknown): Promise<number> {
  const sampler = await startSampler(1000)
  const ms = await timed(work)
  await sampler.stop()
  return ms
}
