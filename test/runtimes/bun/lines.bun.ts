import assert from 'node:assert/strict'
import { subject } from './subject.ts'

/** Computes on two lines and calls nothing, twice as long on the second. */
function multiply(count: number): number {
  let product = 1
  for (let once = 0; once < count; once++) {
    product = Math.imul(product, 1103515245) + once
  }
  for (let twice = 0; twice < 2 * count; twice++) {
    product = Math.imul(product, 1103515245) + twice
  }
  return product
}

const isTold = process.env.BUN_JSC_alwaysGeneratePCToCodeOriginMap === '1'

subject.test(`lines of optimized code are ${isTold ? 'told' : 'missing'}`, async () => {
  // By then it is optimized as far as it can be.
  multiply(1e8)
  const { session } = await subject.entry.profile(() => multiply(1e8))
  const timeOf = (mark: string): number =>
    session
      .lines('lines.bun')
      .reduce((sum, { text, time }) => (text?.includes(mark) ? sum + time : sum), 0)
  const [once, twice] = [timeOf('once'), timeOf('twice')]
  const notes = session.meta.notes.filter((note) => note.includes('alwaysGenerate'))
  const all = session.duration
  const shares = `${once} + ${twice} of ${all}`
  if (isTold) {
    assert.ok(Math.abs(once - all / 3) < 0.05 * all, shares)
    assert.ok(Math.abs(twice - (2 * all) / 3) < 0.05 * all, shares)
    assert.deepEqual(notes, [])
  } else {
    assert.ok(once + twice < 0.05 * all, shares)
    assert.equal(notes.length, 1)
  }
})
