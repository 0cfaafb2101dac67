import { expect, it } from 'vitest'
import { Sampler } from '../../runtimes/node/sampler.ts'
import { burn } from '../helpers/bound-profiler.ts'

const uncounted = <T>(work: () => T): T => work()

it('stays ready for a while after a recording, at its interval', () => {
  const sampler = new Sampler(uncounted)
  sampler.stop(sampler.start(1000))
  expect(sampler.isIdle).toBe(false)
  const title = sampler.start(1000)
  burn(20)
  expect(sampler.stop(title).samples?.length).toBeGreaterThan(5)
  const other = sampler.start(500)
  expect(sampler.intervalUs).toBe(500)
  sampler.stop(other)
  sampler.rest()
  expect(sampler.isIdle).toBe(true)
})

it('rests when the while is over', async () => {
  const sampler = new Sampler(uncounted, { readyMs: 1 })
  sampler.stop(sampler.start(1000))
  await expect.poll(() => sampler.isIdle).toBe(true)
})
