import Inspector from 'inspector-api'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'

/** Profiles all of this process by `inspector-api` until it is stopped. */
export async function startWitness(): Promise<() => Promise<V8Profile>> {
  const inspector = new Inspector()
  await inspector.profiler.enable()
  inspector.getCurrentSession().post('Profiler.setSamplingInterval', { interval: 1000 })
  await inspector.profiler.start()
  return async () => {
    const profile = (await inspector.profiler.stop()) as V8Profile
    await inspector.destroy()
    return profile
  }
}
