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

it('making the body of a response, for the profiler alone, is not in the tree', async () => {
  const store = watchedStore()
  const app = new Hono()
  app.use(bindProfiler().profiler({ store }))
  app.get('/', () => {
    burn(10)
    const response = new Response('own')
    const { body } = response
    // Servers make the body when it is first asked for.
    Object.defineProperty(response, 'body', {
      get: function makeBody() {
        burn(40)
        return body
      },
    })
    return response
  })
  await app.request('/?profile=json')
  const session = checked(await store.last())
  expect(functionNames(session)).not.toContain('makeBody')
  expect(session.duration).toBeLessThan(40)
  expect(session.meta.overhead.excluded).toBeGreaterThan(39)
})
