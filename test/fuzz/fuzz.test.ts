import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it.each([1, 2, 3])('reads or refuses what is malformed, with a sentence: seed %i', async (seed) => {
  const { runs, read } = await fuzz(seed, 2000)
  expect(runs).toBe(2000)
  // Some changes do no harm; were most of them harmless, or all of them fatal, little would be tested.
  expect(read).toBeGreaterThan(100)
  expect(read).toBeLessThan(1500)
})
