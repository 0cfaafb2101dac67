import { expect, it } from 'vitest'
import { AsyncIdRing } from '../../runtimes/node/async-id-ring.ts'

it('knows the latest promises, and no other numbers', () => {
  const ring = new AsyncIdRing()
  const first = 2 ** 33
  for (let asyncId = first; asyncId < first + 100_000; asyncId += 2) {
    ring.add(asyncId)
  }
  const last = first + 99_998
  expect(ring.has(last)).toBe(true)
  expect(ring.has(last - 2 ** 13)).toBe(true)
  expect(ring.has(last - 1)).toBe(false)
  expect(ring.has(last + 2)).toBe(false)
  expect(ring.has(first)).toBe(false)
})
