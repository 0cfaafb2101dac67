import assert from 'node:assert/strict'
import { Session as Inspector } from 'node:inspector'
import { test } from 'node:test'
import { profile } from '../../../runtimes/bun/index.ts'
import { defineOwners } from '../../many-requests.ts'
import { burn } from '../../truth/burn.ts'
import { subject } from './subject.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

defineOwners(subject)

void test('another profiler of JSC keeps its samples, and the request is recorded without', async () => {
  const other = new Inspector()
  other.connect()
  other.post('Profiler.enable')
  other.post('Profiler.start')
  try {
    const { value, session } = await profile(async () => {
      await sleep(5)
      burn(5)
      return 1
    })
    assert.equal(value, 1)
    assert.match(session.meta.notes.join(), /another profiler/)
    assert.ok(session.meta.totals.await > 3)
    other.post('Profiler.stop')
  } finally {
    other.disconnect()
  }
})

void test('another profiler that stops the sampler meanwhile leaves a note', async () => {
  const other = new Inspector()
  other.connect()
  other.post('Profiler.enable')
  const { session } = await profile(async () => {
    await sleep(5)
    other.post('Profiler.stop')
    burn(5)
  })
  other.disconnect()
  assert.match(session.meta.notes.join(), /stopped/)
})
