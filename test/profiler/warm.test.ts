import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { nodeAdapter } from '../../runtimes/node/adapter.ts'
import { Sampler } from '../../runtimes/node/sampler.ts'
import { bindProfiler, burn, sleep, watchedStore } from '../helpers/bound-profiler.ts'

const uncounted = <T>(work: () => T): T => work()

/** What V8 walks over when its sampler starts. */
const heap = Array.from({ length: 1_000_000 }, (_, id) => ({ id }))

it('starts recordings at once, however large the heap is', async () => {
  const { profiler, profile } = bindProfiler()
  const cold = (await profile(() => sleep(5))).session.meta.overhead.start
  const store = watchedStore()
  const app = new Hono()
  app.use(profiler({ warm: true, store }))
  app.get('/', async (c) => {
    burn(30)
    await sleep(5)
    return c.text('own')
  })
  await app.request('/?profile=json')
  await app.request('/?profile=json')
  const { meta } = await store.last()
  expect(heap.length).toBe(1_000_000)
  expect(meta.overhead.start).toBeLessThan(cold / 5)
  expect(meta.sampleCount).toBeGreaterThan(5)
})

it('is not done for a profiler that is off', async () => {
  const loads: string[] = []
  const loadAdapter = (): Promise<typeof nodeAdapter> => {
    loads.push('adapter')
    return Promise.resolve(nodeAdapter)
  }
  bindProfiler({}, { loadAdapter }).profiler({ warm: true, enabled: false })
  await sleep(20)
  expect(loads).toEqual([])
})

it('renews the profile that it keeps, while others are taken', async () => {
  const sampler = new Sampler(uncounted, { renewalMs: 10 })
  sampler.keepWarm(1000)
  sampler.keepWarm(1000)
  const title = sampler.start(1000)
  for (let i = 0; i < 10; i++) {
    burn(10)
    await sleep(1)
  }
  expect(sampler.stop(title).samples?.length).toBeGreaterThan(20)
  expect(sampler.isIdle).toBe(false)
})
