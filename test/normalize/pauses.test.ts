import { expect, it } from 'vitest'
import { outermost } from '../../src/normalize/pauses.ts'

it.each([
  ['one after another', [0, 20], [10, 30], [0, 20], [10, 30]],
  ['within another, which ends after them', [0, 12, 15, 10], [5, 14, 18, 20], [0, 10], [5, 20]],
  ['several levels deep', [3, 2, 1, 9], [4, 5, 6, 10], [1, 9], [6, 10]],
  ['with the same start', [1, 1], [2, 3], [1], [3]],
  ['none', [], [], [], []],
])('pauses %s', (_what, startUs, endUs, starts, ends) => {
  expect(outermost({ startUs, endUs })).toEqual({ startUs: starts, endUs: ends })
})
