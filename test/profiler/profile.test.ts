import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { AWAIT_FRAME, walk } from '../../src/session/frame.ts'
import {
  bindProfiler,
  burn,
  LONG_ENOUGH_TO_BE_SAMPLED,
  checked,
  functionNames,
  sleep,
  timesOf,
  watchedStore,
} from '../helpers/bound-profiler.ts'
import { expectNothingRunning, running } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const { profile, profiler, span } = bindProfiler()

describe('profile', () => {
  it('switches on no more hooks and samplers for several recordings at a time than for one', async () => {
    const seen: ReturnType<typeof running>[] = []
    const look = async (): Promise<void> => {
      await sleep(1)
      seen.push(running())
    }
    await profile(look)
    await Promise.all([profile(look), profile(look)])
    const [alone] = seen
    expect(alone!.hooks).toBeGreaterThan(0)
    expect(seen).toEqual(Array(3).fill({ ...alone, samplers: 1 }))
  })

  it('gives the value of an async function and where its time went', async () => {
    const { value, session } = await profile(async function importOrders() {
      await sleep(20)
      burn(20)
      return 7
    })
    expect(value).toBe(7)
    const { meta } = checked(session)
    expect(meta.description).toBe('importOrders')
    expect(meta.request).toBeUndefined()
    expect(meta.runtime).toBe('node')
    expect(timesOf(session).waited).toBeGreaterThan(18)
    expect(timesOf(session).ran).toBeGreaterThan(18)
    const waiting = [...walk(session.rootFrame())].find((frame) => frame.function === AWAIT_FRAME)
    expect(waiting?.parent?.function).toBe('setTimeout')
  })

  it('records a function again and again, after calls that are not recorded', async () => {
    let calls = 0
    const { value, session } = await profile(
      async function lookup() {
        await sleep(2)
        return ++calls
      },
      { repeat: 5, warmup: 3 }
    )
    expect([value, calls]).toEqual([8, 8])
    const { meta } = checked(session)
    expect(meta).toMatchObject({ description: 'lookup', runs: 5 })
    expect(meta.durations).toHaveLength(5)
    expect(timesOf(session).waited).toBeGreaterThan(5 * 1.5)
  })

  it('stops repeating when the function throws, and throws the same', async () => {
    let calls = 0
    const fails = (): never => {
      throw new Error(`call ${++calls}`)
    }
    await expect(profile(fails, { repeat: 5 })).rejects.toThrow('call 1')
    await expect(profile(fails, { repeat: 5, warmup: 1 })).rejects.toThrow('call 2')
  })

  it.each([
    [{ repeat: 0 }, 'repeat is 0; give a whole number from 1'],
    [{ repeat: 1.5 }, 'repeat is 1.5'],
    [{ warmup: -1 }, 'warmup is -1; give a whole number from 0'],
  ])('refuses %j', async (options, message) => {
    await expect(profile(() => 1, options)).rejects.toThrow(message)
  })

  it('gives the value of a sync one', async () => {
    const { value, session } = await profile(function count() {
      return burn(LONG_ENOUGH_TO_BE_SAMPLED)
    })
    expect(value).toBeGreaterThan(0)
    const { totals } = checked(session).meta
    expect(totals.blocked).toBe(0)
    // Between two microtasks a busy machine may give the processor to somebody else.
    expect(totals.await).toBeLessThan(2)
    expect(session.duration).toBeGreaterThan(5)
    expect(functionNames(session)).toContain('count')
  })

  it('has a name, the given one, the function’s, or none', async () => {
    const nameOf = async (fn: () => void, name?: string): Promise<string> =>
      (await profile(fn, { name })).session.meta.description
    const named = (): void => undefined
    expect(await nameOf(named, 'nightly import')).toBe('nightly import')
    expect(await nameOf(named)).toBe('named')
    expect(await nameOf(() => undefined)).toBe('profile')
  })

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('gone')
      },
    ],
    ['rejects', () => sleep(1).then(() => Promise.reject(new RangeError('gone')))],
  ])('throws what the function %s, and leaves nothing running', async (_what, fn) => {
    await expect(profile(fn)).rejects.toThrow(new RangeError('gone'))
    expectNothingRunning()
  })

  it('keeps the session where it is told, in production too', async () => {
    const store = watchedStore()
    await bindProfiler({ NODE_ENV: 'production' }).profile(() => burn(1), { store, name: 'a b/c' })
    expect(await store.list()).toEqual([expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z-a-b-c$/)])
    expect((await store.last()).meta.description).toBe('a b/c')
  })

  it('refuses options that cannot work before it calls the function', async () => {
    let called = false
    const call = profile(() => (called = true), { interval: 0 })
    await expect(call).rejects.toThrow(TypeError)
    expect(called).toBe(false)
  })

  it('runs several at a time, each with its own tree', async () => {
    const work = async (): Promise<void> => {
      await sleep(5)
      burn(5)
      await sleep(5)
    }
    const [a, b] = await Promise.all([
      profile(async function first() {
        await work()
      }),
      profile(async function second() {
        await work()
      }),
    ])
    expect(functionNames(checked(a.session))).not.toContain('second')
    expect(functionNames(checked(b.session))).not.toContain('first')
  })

  it('runs inside a recorded request, which goes on afterwards', async () => {
    const store = watchedStore()
    const app = new Hono()
    app.use(profiler({ store }))
    let inner = 0
    app.get('/', async function outer(c) {
      burn(3)
      const { session } = await profile(async function nested() {
        await sleep(10)
        burn(3)
      })
      inner = checked(session).duration
      await sleep(3)
      burn(3)
      return c.text('own')
    })
    await app.request('/?profile=1')
    const session = await store.last()
    expect(inner).toBeGreaterThan(12)
    expect(session.duration).toBeGreaterThan(inner)
    expect(timesOf(session).ran).toBeGreaterThan(5)
  })
})

const failing = (): never => {
  throw new Error('failed')
}

describe('span', () => {
  it('only calls the function outside of a recording', () => {
    expect(span('nothing', () => 7)).toBe(7)
    expect(() => span('nothing', failing)).toThrow('failed')
    expect(running()).toEqual({ hooks: 0, samplers: 0 })
  })

  it('names parts of a recording, sync and async, also those that throw', async () => {
    const { session } = await profile(async () => {
      span('sync', () => burn(3))
      await span('async', () => sleep(10))
      expect(() => span('failing', failing)).toThrow('failed')
      await expect(span('rejecting', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    })
    const { spans } = checked(session).data
    expect(spans.map(({ name, kind, parent }) => [name, kind, parent])).toEqual(
      ['sync', 'async', 'failing', 'rejecting'].map((name) => [name, 'user', -1])
    )
    expect(spans[0]!.endUs - spans[0]!.startUs).toBeGreaterThan(2500)
    expect(spans[1]!.endUs - spans[1]!.startUs).toBeGreaterThan(8500)
  })

  it('ends an open span with the recording', async () => {
    const { session } = await profile(async () => {
      void span('left behind', () => sleep(50))
      await sleep(5)
    })
    const { spans, meta } = checked(session).data
    expect(spans[0]!.endUs).toBe(Math.round(meta.duration * 1000))
  })

  it('knows the span around it', async () => {
    const { session } = await profile(() => span('outer', () => span('inner', () => burn(1))))
    expect(session.data.spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['outer', -1],
      ['inner', 0],
    ])
  })

  it('knows the span around it after an await', async () => {
    const { session } = await profile(() =>
      span('outer', async () => {
        await sleep(2)
        await span('inner', () => sleep(2))
      })
    )
    expect(session.data.spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['outer', -1],
      ['inner', 0],
    ])
  })
})
