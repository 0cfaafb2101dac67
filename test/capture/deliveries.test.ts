import { expect, it } from 'vitest'
import { Deliveries } from '../../runtimes/node/deliveries.ts'

it('tells the turn that settled a promise of others, to all who await it', () => {
  const deliveries = new Deliveries(false)
  const promise = Promise.resolve()
  expect(deliveries.areWaitedFor).toBe(false)
  const [one, other] = [deliveries.await(promise), deliveries.await(promise)]
  expect(deliveries.areWaitedFor).toBe(true)
  deliveries.turn()
  deliveries.settle(promise)
  expect(one.delivery!.startUs).toBeLessThanOrEqual(one.delivery!.endUs)
  expect(other).toBe(one)
})

it('keeps nothing of a recording that has ended', () => {
  const deliveries = new Deliveries(true)
  const ended = deliveries.await(7)
  const inFlight = deliveries.await(8)
  deliveries.forget([7])
  deliveries.turn()
  deliveries.settle(7)
  deliveries.settle(8)
  expect(ended.delivery).toBeUndefined()
  expect(inFlight.delivery).toBeDefined()
})
