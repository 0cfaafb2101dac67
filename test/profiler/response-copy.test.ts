import { Hono } from 'hono'
import { afterEach, expect, it } from 'vitest'
import {
  bindProfiler,
  burn,
  checked,
  functionNames,
  watchedStore,
} from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

it('copying the response, which only the profiler does, is not in the tree', async () => {
  const store = watchedStore()
  const app = new Hono()
  app.use(bindProfiler().profiler({ store }))
  app.get('/', () => {
    burn(10)
    const response = new Response('own')
    response.clone = function expensiveCopy() {
      burn(40)
      void Promise.resolve().then(() => burn(1))
      return new Response('own')
    }
    return response
  })
  await app.request('/?profile=json')
  const session = checked(await store.last())
  expect(functionNames(session)).not.toContain('expensiveCopy')
  expect(session.duration).toBeLessThan(40)
  expect(session.meta.overhead.excluded).toBeGreaterThan(39)
})
