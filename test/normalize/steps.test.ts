import { expect, it, vi } from 'vitest'
import type { Steps } from '../../src/normalize/steps.ts'
import { inTurns } from '../../src/normalize/steps.ts'

const clock = vi.hoisted(() => {
  const state = { ms: 0 }
  performance.now = () => state.ms
  return state
})

it('lets the event loop go on when steps have taken five milliseconds, and leaves each turn out', async () => {
  const log: string[] = []
  function* work(): Steps<string> {
    for (const ms of [2, 2, 1, 9, 1]) {
      clock.ms += ms
      log.push(`${ms} ms`)
      yield
    }
    return 'done'
  }
  const turns = {
    uncounted: <T>(turn: () => T): T => {
      log.push('turn')
      return turn()
    },
    breathe: () => Promise.resolve(void log.push('breathe')),
  }
  expect(await inTurns(work(), turns)).toBe('done')
  expect(log).toEqual([
    'turn',
    '2 ms',
    '2 ms',
    '1 ms',
    'breathe',
    'turn',
    '9 ms',
    'breathe',
    'turn',
    '1 ms',
  ])
})

it('throws what a step throws, and goes on at once where nothing is to be let through', async () => {
  function* work(): Steps<void> {
    clock.ms += 10
    yield
    throw new Error('broken')
  }
  const turns = { uncounted: <T>(turn: () => T): T => turn(), breathe: undefined }
  await expect(inTurns(work(), turns)).rejects.toThrow('broken')
})
