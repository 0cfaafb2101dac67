import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Sampler } from '../../../runtimes/deno/sampler.ts'
import { burn } from '../../truth/burn.ts'

const nowUs = (): number => performance.now() * 1000
const uncounted = <T>(work: () => T): T => work()
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await sleep(1)
  }
}

void test('stays ready for a while after a recording, at its interval', async () => {
  const sampler = new Sampler(nowUs, uncounted)
  await sampler.stop(await sampler.start(1000))
  assert.equal(sampler.isIdle, false)
  const title = await sampler.start(1000)
  burn(20)
  const { profile, coverage } = await sampler.stop(title)
  assert.ok(profile.samples!.length > 5, `${profile.samples!.length} samples`)
  assert.ok(coverage.length > 0)
  const others = await Promise.all([sampler.start(500), sampler.start(500)])
  assert.equal(sampler.intervalUs, 500)
  await Promise.all(others.map((other) => sampler.stop(other)))
  sampler.rest()
  assert.equal(sampler.isIdle, true)
})

void test('rests when the while is over', async () => {
  const sampler = new Sampler(nowUs, uncounted, { readyMs: 1 })
  await sampler.stop(await sampler.start(1000))
  await until(() => sampler.isIdle)
})

void test('renews the profile that it keeps, while others are taken', async () => {
  const sampler = new Sampler(nowUs, uncounted, { renewalMs: 10 })
  await Promise.all([sampler.keepWarm(1000), sampler.keepWarm(1000)])
  const title = await sampler.start(1000)
  for (let i = 0; i < 10; i++) {
    burn(10)
    await sleep(1)
  }
  const { profile } = await sampler.stop(title)
  assert.ok(profile.samples!.length > 20, `${profile.samples!.length} samples`)
  assert.equal(sampler.isIdle, false)
  sampler.rest()
  assert.equal(sampler.isIdle, true)
})
