import assert from 'node:assert/strict'
import { defineTruth } from '../../contract-truth.ts'
import { findLineErrors, measureLines } from '../../truth/burning-lines.ts'
import { workloads } from '../../truth/workloads/index.ts'
import { subject } from './subject.ts'

defineTruth(subject, workloads, { ms: 4, share: 0.05 })

subject.test('true times of three burning lines', async () => {
  assert.equal(await findLineErrors(() => measureLines(subject.entry.profile)), undefined)
})
