/** A worker that runs the contract. */
import assert from 'node:assert/strict'
import { defineContract } from '../../contract.ts'
import { burn } from '../../truth/burn.ts'
import { list, subject } from './subject.ts'

defineContract(subject)

subject.test('it has samples where there is an inspector', async () => {
  const { session } = await subject.entry.profile(async () => {
    await scheduler.wait(1)
    burn(30)
  })
  const { sampleCount, notes } = session.meta
  const isSampled = process.env.IS_SAMPLED === 'yes'
  assert.equal(sampleCount > 0, isSampled, `${sampleCount} samples; ${notes.join('; ')}`)
})

export default { fetch: (request: Request) => list.answer(request) }
