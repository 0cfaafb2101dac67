import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtimes/node/runtime.ts'
import type { ProfilerOptions } from '../../src/options.ts'
import { resolveOptions } from '../../src/options.ts'
import { memoryStore } from '../../src/store/store.ts'
import { bindProfiler, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

async function isProfiled(
  options: ProfilerOptions,
  environment: Record<string, string> = {},
  headers: Record<string, string> = {}
): Promise<boolean> {
  const app = new Hono()
  app.use(bindProfiler(environment).profiler(options))
  app.get('/', (c) => c.text('own'))
  const response = await app.request('/?profile=text', { headers })
  const text = await response.text()
  if (text === 'own') {
    expect([...response.headers.keys()]).toEqual(['content-type'])
  }
  return text !== 'own'
}

describe('who may profile', () => {
  it('is everybody, but nobody in production', async () => {
    expect(await isProfiled({})).toBe(true)
    expect(await isProfiled({}, { NODE_ENV: 'development' })).toBe(true)
    expect(await isProfiled({}, { NODE_ENV: 'production' })).toBe(false)
  })

  it('is nobody when the profiler is disabled, whatever else is said', async () => {
    expect(await isProfiled({ enabled: false })).toBe(false)
    expect(await isProfiled({ enabled: false, authorize: () => true })).toBe(false)
  })

  it('is everybody in production when the application says so', async () => {
    expect(await isProfiled({ enabled: true }, { NODE_ENV: 'production' })).toBe(true)
  })

  it('is in production whom `authorize` lets', async () => {
    const authorize: ProfilerOptions['authorize'] = async (c) => {
      return await Promise.resolve(c.req.header('x-key') === 'secret')
    }
    const production = { NODE_ENV: 'production' }
    expect(await isProfiled({ authorize }, production, { 'x-key': 'secret' })).toBe(true)
    expect(await isProfiled({ authorize }, production, { 'x-key': 'guess' })).toBe(false)
  })

  it.each<[string, ProfilerOptions['authorize']]>([
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    ['says false', () => false],
    ['says false later', () => Promise.resolve(false)],
    // A check that forgets to return must not let everybody in.
    ['says nothing', () => undefined as never],
  ])('is nobody when `authorize` %s', async (_what, authorize) => {
    expect(await isProfiled({ authorize })).toBe(false)
  })

  it('is not asked about requests that do not ask', async () => {
    const asked: string[] = []
    const app = new Hono()
    const authorize: ProfilerOptions['authorize'] = (c) => asked.push(c.req.path) > 0
    app.use(bindProfiler().profiler({ authorize, shouldProfile: authorize }))
    app.get('*', (c) => c.text('own'))
    await app.request('/plain')
    await app.request('/other?profile=0')
    await app.request('/asking?profile=1')
    expect(asked).toEqual(['/asking', '/asking'])
  })
})

describe('shouldProfile', () => {
  it('chooses, after `authorize`', async () => {
    expect(await isProfiled({ shouldProfile: () => false })).toBe(false)
    expect(await isProfiled({ shouldProfile: () => Promise.resolve(true) })).toBe(true)
    expect(await isProfiled({ authorize: () => false, shouldProfile: () => true })).toBe(false)
    const shouldProfile = (): boolean => {
      throw new Error('never asked')
    }
    expect(await isProfiled({ authorize: () => true, shouldProfile })).toBe(false)
  })
})

describe('keep', () => {
  it('chooses which sessions are kept; the report is given all the same', async () => {
    const { profiler } = bindProfiler()
    const store = watchedStore()
    const app = new Hono()
    app.use(profiler({ store, keep: (session) => session.meta.request?.status === 500 }))
    app.get('/good', (c) => c.text('own'))
    app.get('/bad', (c) => c.text('own', 500))
    const good = await app.request('/good?profile=1')
    expect([good.status, good.headers.has('x-profile-id')]).toEqual([200, false])
    expect(await store.list()).toEqual([])
    await app.request('/bad?profile=1')
    expect((await store.last()).meta.request?.path).toBe('/bad')
  })

  it('that throws keeps nothing, and the report says so', async () => {
    const keep = (): boolean => {
      throw new Error('no idea')
    }
    const { profiler, printed } = bindProfiler()
    const store = watchedStore()
    const app = new Hono().use(profiler({ store, keep })).get('/', (c) => c.text('own'))
    const response = await app.request('/?profile=text')
    expect(await response.text()).toContain('could not be saved: no idea')
    expect(printed).toEqual(['hono-profiler: this session could not be saved: no idea'])
    expect(await store.list()).toEqual([])
  })
})

describe('options that cannot work', () => {
  const resolve = (options: ProfilerOptions) => () => resolveOptions(options, nodeRuntime)

  it.each<[ProfilerOptions, RegExp]>([
    [{ trigger: '' }, /trigger is "".*query parameter/],
    [{ trigger: 7 as never }, /trigger is 7.*query parameter/],
    [{ interval: 0 }, /interval is 0.*from 0\.05 to 1000/],
    [{ interval: -1 }, /interval is -1/],
    [{ interval: 1001 }, /interval is 1001/],
    [{ interval: NaN }, /interval is NaN/],
    [{ interval: '1' as never }, /interval is/],
    [{ saveDir: 'x', store: memoryStore() }, /saveDir and store.*choose/],
    [{ saveDir: '' }, /saveDir is ""/],
    [{ saveDir: 7 as never }, /saveDir is 7/],
    [{ inspectorUrl: '9229' }, /inspectorUrl is "9229".*http:\/\/127/],
    [{ inspectorUrl: 'http://' }, /inspectorUrl is/],
    [{ store: {} as never }, /store/],
    [{ authorize: true as never }, /authorize is true.*function/],
    [{ shouldProfile: 'GET' as never }, /shouldProfile is "GET".*function/],
    [{ keep: true as never }, /keep is true.*function/],
    [{ enabled: 'no' as never }, /enabled is "no"/],
  ])('throw a TypeError that says what is possible: %j', (options, sentence) => {
    expect(resolve(options)).toThrow(TypeError)
    expect(resolve(options)).toThrow(/^hono-profiler: /)
    expect(resolve(options)).toThrow(sentence)
  })

  it('are those for files where there are none', () => {
    const { fileSystem, ...without } = nodeRuntime
    expect(fileSystem).toBeDefined()
    expect(() => resolveOptions({ saveDir: 'x' }, { ...without, name: 'workerd' })).toThrow(
      /saveDir is "x", but workerd has no file system; use store/
    )
  })

  it('are those of 0.05 and 1000 ms not', () => {
    expect(resolveOptions({ interval: 0.05 }, nodeRuntime).intervalUs).toBe(50)
    expect(resolveOptions({ interval: 1000 }, nodeRuntime).intervalUs).toBe(1_000_000)
    expect(resolveOptions({}, nodeRuntime).intervalUs).toBe(1000)
  })

  it('throw when the middleware is made, not when it is asked', () => {
    expect(() => bindProfiler().profiler({ interval: 0 })).toThrow(TypeError)
  })
})
