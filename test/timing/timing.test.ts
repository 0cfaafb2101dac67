import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { AsyncLocalStorage } from 'node:async_hooks'
import { createTimingAdapter, timingPort } from '../../runtimes/timing/adapter.ts'
import { timingRuntime } from '../../runtimes/timing/runtime.ts'
import type { TimingPort } from '../../runtimes/timing/tracker.ts'
import type { ContextStorage } from '../../src/capture/await-tracker/port.ts'
import { wrapMethod } from '../../src/capture/wrapped-apis.ts'
import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { STATES } from '../../src/session/records.ts'
import { stackFunctions } from '../../src/session/tree.ts'
import type { Session } from '../../src/session.ts'
import { checked, watchedStore } from '../helpers/bound-profiler.ts'
import type { VirtualTime } from '../helpers/virtual-time.ts'
import { virtualTime } from '../helpers/virtual-time.ts'

const store = watchedStore()

/** A profiler whose clock and only API are virtual. */
function bind(changes: Partial<TimingPort> = {}): Profiler & { time: VirtualTime } {
  const time = virtualTime()
  const adapter = createTimingAdapter({
    nowUs: time.nowUs,
    storage: undefined,
    wrapApis: (tracker) => wrapMethod(tracker, time, 'wait')!,
    ...changes,
  })
  const runtime = { ...timingRuntime, loadAdapter: () => Promise.resolve(adapter) }
  return { ...createProfiler(runtime), time }
}

/** Milliseconds by path and state, in order of time: `handler;load;wait await 20`. */
function stretches({ data }: Session): string[] {
  return data.samples.stack.map((stack, i) => {
    const path = stackFunctions(data, stack).map(({ name }) => name)
    return `${path.join(';')} ${STATES[data.samples.state[i]!]} ${data.samples.durationUs[i]! / 1000}`
  })
}

function noStorage(): ContextStorage | undefined {
  return undefined
}

const storages = [
  { name: 'with AsyncLocalStorage', storage: () => new AsyncLocalStorage<unknown>() },
  { name: 'without', storage: noStorage },
]

describe.each(storages)('a request, $name', ({ storage }) => {
  it('is its middleware, its handler and the calls that they wait for', async () => {
    const { profiler, time } = bind({ storage: storage() })
    const { pass } = time
    const app = new Hono()
    app.use(profiler({ store }))
    app.use(async function checkUser(_c, next) {
      pass(1)
      await time.wait(20)
      pass(2)
      await next()
      pass(3)
      await time.wait(30)
    })
    async function loadOrders(): Promise<void> {
      pass(4)
      await time.wait(40)
      pass(5)
    }
    app.get('/', async function listOrders(c) {
      pass(6)
      await loadOrders()
      await time.wait(50)
      pass(7)
      return c.text('own')
    })
    await app.request('/?profile=1')
    const session = await store.last()
    expect(stretches(session)).toEqual([
      'checkUser cpu 1',
      'checkUser;wait await 20',
      'checkUser cpu 2',
      'checkUser;listOrders cpu 10',
      'checkUser;listOrders;loadOrders;wait await 40',
      'checkUser;listOrders cpu 5',
      'checkUser;listOrders;wait await 50',
      'checkUser;listOrders cpu 7',
      'checkUser cpu 3',
      'checkUser;wait await 30',
    ])
    expect(session.data.spans).toEqual([
      { name: 'checkUser', kind: 'middleware', startUs: 0, endUs: 168_000, parent: -1 },
      { name: 'listOrders', kind: 'handler', startUs: 23_000, endUs: 135_000, parent: 0 },
    ])
    const own = session.data.functions.filter(({ name }) => /Orders|User/.test(name))
    expect(
      own.map(({ fileShort, origin }) => [fileShort.endsWith('timing.test.ts'), origin])
    ).toEqual(own.map(() => [true, 'app']))
  })

  it('has its branches side by side in the waterfall, and once in the tree', async () => {
    const { profiler, span, time } = bind({ storage: storage() })
    const app = new Hono()
    app.get('/', profiler({ store }), async function both(c) {
      await Promise.all([
        span('short', () => time.wait(10)),
        span('long', async () => {
          await time.wait(15)
          time.pass(5)
          await time.wait(10)
        }),
      ])
      return c.text('own')
    })
    await app.request('/?profile=1')
    const { data } = await store.last()
    expect(data.waits.map(({ name, startUs, endUs }) => [name, startUs, endUs])).toEqual([
      ['wait', 0, 10_000],
      ['wait', 0, 15_000],
      ['wait', 20_000, 30_000],
    ])
    expect(
      data.spans.map(({ name, startUs, endUs, parent }) => [name, startUs, endUs, parent])
    ).toEqual([
      ['both', 0, 30_000, -1],
      ['short', 0, 10_000, 0],
      ['long', 0, 30_000, 0],
    ])
    expect(stretches(await store.last())).toEqual([
      'both;short;wait await 10',
      'both;long;wait await 5',
      'both;long cpu 5',
      'both;long;wait await 10',
    ])
  })

  it('keeps its calls from those of other requests at the same time', async () => {
    const { profiler, time } = bind({ storage: storage() })
    const app = new Hono()
    app.use(profiler({ store }))
    app.get('/:id', async function load(c) {
      const id = Number(c.req.param('id'))
      for (let i = 0; i < 5; i++) {
        await time.wait(id)
        time.pass(1)
      }
      return c.text('own')
    })
    const before = (await store.list()).length
    await Promise.all(
      ['/10?profile=1', '/13', '/17?profile=1', '/9'].map(async (path) => app.request(path))
    )
    const names = (await store.list()).slice(before)
    expect(names).toHaveLength(2)
    for (const name of names) {
      const session = checked((await store.load(name))!)
      expect(session.data.waits).toHaveLength(5)
    }
  })

  it('that throws has its time, and its error', async () => {
    const { profiler, time } = bind({ storage: storage() })
    const app = new Hono()
    app.use(profiler({ store }))
    app.get('/', async function fail() {
      await time.wait(10)
      time.pass(2)
      throw new RangeError('out of stock')
    })
    app.onError((_, c) => c.text('sorry', 500))
    await app.request('/?profile=1')
    const session = await store.last()
    expect(stretches(session)).toEqual(['fail;wait await 10', 'fail cpu 2'])
    expect(session.meta.request!.error).toBe('RangeError: out of stock')
  })

  it('waits for what is not wrapped where it runs', async () => {
    const { profiler, time } = bind({ storage: storage() })
    const { wait: unwrapped } = time
    const app = new Hono()
    app.use(profiler({ store }))
    app.get('/', async function query(c) {
      await unwrapped(10)
      await time.wait(20)
      return c.text('own')
    })
    await app.request('/?profile=1')
    expect(stretches(await store.last())).toEqual(['query cpu 10', 'query;wait await 20'])
  })
})

describe('a function', () => {
  it('is profiled without HTTP', async () => {
    const { profile, span, time } = bind()
    const { session, value } = await profile(async function importOrders() {
      await time.wait(10)
      return span('parse', () => {
        time.pass(5)
        return 7
      })
    })
    expect(value).toBe(7)
    expect(stretches(checked(session))).toEqual(['importOrders;wait await 10', 'parse cpu 5'])
  })
})

describe('a clock', () => {
  async function recordWith(nowUs: () => number, time: VirtualTime): Promise<Session> {
    const { profiler } = bind({ nowUs, wrapApis: (tracker) => wrapMethod(tracker, time, 'wait')! })
    const app = new Hono()
    app.use(profiler({ store }))
    app.get('/', async function load(c) {
      time.pass(2.4)
      await time.wait(7.3)
      time.pass(0.2)
      return c.text('own')
    })
    await app.request('/?profile=1')
    return store.last()
  }

  it('may go in steps', async () => {
    const time = virtualTime()
    const session = await recordWith(() => Math.floor(time.nowUs() / 1000) * 1000, time)
    expect(stretches(session)).toEqual(['load cpu 2', 'load;wait await 7'])
    expect(session.meta.notes).toEqual([expect.stringContaining('steps of 1 ms')])
  })

  it('may stand still while code runs', async () => {
    const time = virtualTime()
    let shownUs = 0
    const wait = time.wait
    const still = { ...time, wait: (ms: number) => wait(ms).then(() => void (shownUs += 7000)) }
    const session = await recordWith(() => shownUs, still)
    expect(stretches(session)).toEqual(['load;wait await 7'])
    expect(session.meta.notes).toEqual([expect.stringContaining('did not move')])
  })

  it('may not move at all', async () => {
    const session = await recordWith(() => 5_000_000, virtualTime())
    expect([session.duration, stretches(session)]).toEqual([0, []])
    for (const format of ['text', 'html', 'markdown', 'json']) {
      const { profiler } = bind({ nowUs: () => 0 })
      const app = new Hono()
      app.use(profiler()).get('/', (c) => c.text('own'))
      expect((await app.request(`/?profile=${format}`)).status, format).toBe(200)
    }
  })
})

describe('what is recorded on this runtime', () => {
  const runtime = {
    ...timingRuntime,
    loadAdapter: () => Promise.resolve(createTimingAdapter(timingPort())),
  }

  it('does not wait for timers that were cancelled', async () => {
    const { profile } = createProfiler(runtime)
    const unwrapped = setImmediate
    const { session } = await profile(async function query() {
      const timer = setTimeout(() => undefined, 5000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      clearTimeout(timer)
      // Long enough to be seen as a wait, and not wrapped as timers are.
      for (let i = 0; i < 200; i++) {
        await new Promise((resolve) => unwrapped(resolve))
      }
    })
    expect(checked(session).data.waits).toHaveLength(1)
    const waiting = session.data.samples.state.filter((state) => STATES[state] === 'await')
    expect(waiting).toHaveLength(1)
  })

  it('is timed by its own clock and APIs, which are as they were afterwards', async () => {
    const globals = Object.getOwnPropertyDescriptors(globalThis)
    const bodies = Object.getOwnPropertyDescriptors(Response.prototype)
    const { profiler } = createProfiler(runtime)
    const app = new Hono()
    app.use(profiler({ store }))
    app.get('/', async function load(c) {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return c.text(await (await fetch('data:,own')).text())
    })
    await app.request('/?profile=1')
    const { meta, data } = await store.last()
    expect(data.waits[0]).toMatchObject({ name: 'setTimeout' })
    // A timer never comes early but for the clock's rounding; how late it comes is the machine's.
    expect(meta.totals.await).toBeGreaterThan(29)
    expect(Object.getOwnPropertyDescriptors(globalThis)).toEqual(globals)
    expect(Object.getOwnPropertyDescriptors(Response.prototype)).toEqual(bodies)
  })
})
