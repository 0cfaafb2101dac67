import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeRuntime } from '../../runtimes/node/runtime.ts'
import { pathMatcher } from '../../src/access.ts'
import type { ProfilerOptions } from '../../src/options.ts'
import { resolveOptions } from '../../src/options.ts'
import { Session } from '../../src/session.ts'
import { fitSession } from '../../src/store/fit-session.ts'
import { bindProfiler, checked, sleep, watchedStore } from '../helpers/bound-profiler.ts'
import { buildSession } from '../helpers/build-session.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(expectNothingRunning)

const PRODUCTION = { NODE_ENV: 'production' }

function appWith(options: ProfilerOptions, environment: Record<string, string> = {}): Hono {
  const app = new Hono()
  app.use(bindProfiler(environment).profiler(options))
  app.get('/fails', () => {
    throw new Error('no such order')
  })
  app.get('/*', (c) => c.text('own'))
  return app
}

async function isProfiled(
  app: Hono,
  path: string,
  headers: Record<string, string> = {}
): Promise<boolean> {
  return (await (await app.request(path, { headers })).text()) !== 'own'
}

describe('secret', () => {
  const secret = 'correct horse'

  it('lets in who knows it, in production as well, by header or by query', async () => {
    const app = appWith({ secret }, PRODUCTION)
    expect(await isProfiled(app, '/?profile=text')).toBe(false)
    expect(await isProfiled(app, '/?profile=text', { 'x-profile-secret': secret })).toBe(true)
    expect(await isProfiled(app, '/?profile=text&profile-secret=correct+horse')).toBe(true)
  })

  it.each(['', 'c', 'correct hors', 'correct horsf', 'correct horsecorrect horse'])(
    'refuses %j',
    async (given) => {
      const app = appWith({ secret })
      expect(await isProfiled(app, '/?profile=text', { 'x-profile-secret': given })).toBe(false)
    }
  )

  it('is one of two ways beside authorize', async () => {
    const app = appWith({ secret, authorize: (c) => c.req.header('x-admin') === '1' })
    expect(await isProfiled(app, '/?profile=text')).toBe(false)
    expect(await isProfiled(app, '/?profile=text', { 'x-admin': '1' })).toBe(true)
    expect(await isProfiled(app, '/?profile=text', { 'x-profile-secret': secret })).toBe(true)
  })

  it('is never told, not even a wrong one', () => {
    expect(() => resolveOptions({ secret: 'hunter2' }, nodeRuntime)).toThrow(
      'secret is a text of 7 characters; give a text of at least 8 characters'
    )
  })
})

describe('include and exclude', () => {
  it('choose by path', async () => {
    const app = appWith({ include: ['/api/*', /^\/orders\/\d+$/], exclude: '/api/health' })
    expect(await isProfiled(app, '/api/users?profile=text')).toBe(true)
    expect(await isProfiled(app, '/orders/17?profile=text')).toBe(true)
    expect(await isProfiled(app, '/orders?profile=text')).toBe(false)
    expect(await isProfiled(app, '/api/health?profile=text')).toBe(false)
  })

  it.each([
    ['/api/*', '/api', true],
    ['/api/*', '/api/a/b', true],
    ['/api/*', '/apix', false],
    ['/a.b', '/axb', false],
    ['/a(b)*c', '/a(b)!!c', true],
    ['*', '/anything', true],
    [/\/x/g, '/x', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    const matches = pathMatcher([pattern])
    expect([matches(path), matches(path)]).toEqual([expected, expected])
  })
})

describe('requests that do not ask', () => {
  it('are recorded by their share, and their responses stay as they are', async () => {
    const store = watchedStore()
    const app = appWith({ sampleRate: 1, store })
    const response = await app.request('/orders')
    expect(await response.text()).toBe('own')
    expect([...response.headers.keys()]).toEqual(['content-type'])
    expect((await store.last()).meta.request).toMatchObject({ path: '/orders', status: 200 })
  })

  it('are recorded in production too, since the code says so', async () => {
    const store = watchedStore()
    await appWith({ sampleRate: 1, store }, PRODUCTION).request('/')
    expect(await store.list()).toHaveLength(1)
  })

  it('are not recorded when the profiler is disabled', async () => {
    const store = watchedStore()
    await appWith({ sampleRate: 1, store, enabled: false }).request('/')
    expect(await store.list()).toEqual([])
  })

  it('need a place where they are kept', () => {
    expect(() => resolveOptions({ sampleRate: 0.1 }, nodeRuntime)).toThrow(/give saveDir or store/)
  })

  it('are kept when they failed, or took long, as asked', async () => {
    const failed = watchedStore()
    const failing = appWith({ sampleRate: 1, store: failed, errorsOnly: true })
    await failing.request('/')
    expect(await failed.list()).toEqual([])
    expect((await failing.request('/fails')).status).toBe(500)
    expect((await failed.last()).meta.request?.error).toBe('Error: no such order')

    const slow = watchedStore()
    await appWith({ sampleRate: 1, store: slow, slowerThan: 60_000 }).request('/')
    expect(await slow.list()).toEqual([])
    await appWith({ sampleRate: 1, store: slow, slowerThan: 0.001 }).request('/')
    expect(await slow.list()).toHaveLength(1)
  })
})

describe('maxRecordings', () => {
  it('serves what comes beyond it, and says so', async () => {
    const app = new Hono()
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let enter: () => void = () => undefined
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    app.use(bindProfiler().profiler({ maxRecordings: 1 }))
    app.get('/slow', async (c) => {
      enter()
      await released
      return c.text('own')
    })
    app.get('/', (c) => c.text('own'))
    const first = app.request('/slow?profile=text')
    await entered
    const second = await app.request('/?profile=text')
    expect(await second.text()).toBe('own')
    expect(second.headers.get('x-profile-error')).toContain('as many as maxRecordings allows')
    release()
    expect(await (await first).text()).toContain('GET /slow')
    expect(await isProfiled(app, '/?profile=text')).toBe(true)
  })
})

describe('maxDuration', () => {
  it('ends the recording of a handler that never answers, and reports what it waits for', async () => {
    const store = watchedStore()
    const app = new Hono()
    app.use(bindProfiler().profiler({ maxDuration: 300, store }))
    app.get('/', async function waitsForEver(c) {
      await sleep(10)
      await new Promise(() => undefined)
      return c.text('own')
    })
    const response = await app.request('/?profile=text')
    const text = await response.text()
    expect(text).toContain('had not ended after 300 ms (maxDuration)')
    const session = await store.last()
    expect(session.meta.request?.status).toBeUndefined()
    const [most] = session.flat()
    expect(most).toMatchObject({ function: 'waitsForEver' })
    expect(session.meta.totals.await).toBeGreaterThan(200)
  })

  it('serves a request that goes on, with term=1', async () => {
    const { profiler, printed } = bindProfiler()
    const app = new Hono()
    app.use(profiler({ maxDuration: 20 }))
    app.get('/', async (c) => {
      await sleep(50)
      return c.text('own')
    })
    expect(await (await app.request('/?profile=1&term=1')).text()).toBe('own')
    expect(printed.join()).toContain('had not ended after 20 ms')
  })
})

describe('maxSessions', () => {
  it('keeps the newest in the directory, and touches no other file', async () => {
    const saveDir = await mkdtemp(join(tmpdir(), 'hono-profiler-bounds-'))
    try {
      await writeFile(join(saveDir, 'mine.session.json'), '{}')
      const app = appWith({ saveDir, maxSessions: 2 })
      const names: (string | null)[] = []
      for (let i = 0; i < 4; i++) {
        names.push((await app.request('/?profile=text')).headers.get('x-profile-id'))
      }
      const newest = names.slice(-2).map((name) => `${name}.session.json`)
      expect((await readdir(saveDir)).sort()).toEqual([...newest, 'mine.session.json'].sort())
    } finally {
      await rm(saveDir, { recursive: true })
    }
  })
})

describe('maxSessionSize', () => {
  const samples = Array.from({ length: 4000 }, (_, i) => `handler;part${i % 40} 0.5`).join('\n')
  const sources = [{ file: '/project/src/app.ts', startLine: 1, lines: ['x'.repeat(50_000)] }]
  const large = (): Session => new Session({ ...buildSession(samples), sources })
  const size = (session: Session): number => JSON.stringify(session).length

  it('leaves a session as it is that fits', () => {
    const session = large()
    const fitted = fitSession(session, size(session))
    expect(fitted).toMatchObject({ note: '' })
    expect(fitted.session).toBe(session)
    expect(JSON.parse(fitted.json)).toEqual(session.toJSON())
  })

  it('leaves out the source first, then the order of short samples, and says so', () => {
    const session = large()
    const withoutSource = size(session) - 49_000
    const { sources: _, ...rest } = session.data
    const fitted = fitSession(session, withoutSource)
    expect(fitted.session.data.samples).toBe(rest.samples)
    expect(fitted.session.data).not.toHaveProperty('sources')
    expect(fitted.session.meta.notes).toEqual([fitted.note])
    expect(fitted.note).toMatch(/^the lines of the source were left out, since .*maxSessionSize/)

    const smaller = fitSession(session, withoutSource / 2)
    expect(smaller.json.length).toBeLessThanOrEqual(withoutSource / 2)
    expect(smaller.note).toMatch(/source were left out and the order of short samples was kept to/)
    const byName = (each: Session) => each.flat({ n: 100 }).map((entry) => entry.time)
    expect(byName(checked(smaller.session))).toEqual(byName(session))
  })

  it('measures bytes, not characters', () => {
    const session = new Session(buildSession('größe 1'))
    expect(() => fitSession(session, size(session))).toThrow(/maxSessionSize is \d+; raise it/)
  })

  it('saves no larger one, serves the report all the same, and says what to do once', async () => {
    const { profiler, printed } = bindProfiler()
    const store = watchedStore()
    const app = new Hono().use(profiler({ store, maxSessionSize: 1000 }))
    app.get('/', (c) => c.text('own'))
    for (let i = 0; i < 2; i++) {
      const response = await app.request('/?profile=text')
      expect(await response.text()).toContain('this session could not be saved: it is larger')
      expect(response.headers.has('x-profile-id')).toBe(false)
    }
    expect(await store.list()).toEqual([])
    expect(printed).toEqual([expect.stringMatching(/maxSessionSize is 1000; raise it, or record/)])
  })
})

describe('the query', () => {
  async function shownPath(options: ProfilerOptions, path: string): Promise<string | undefined> {
    const store = watchedStore()
    await appWith({ ...options, store }).request(path)
    return checked(await store.last()).meta.request?.path
  }

  it('is shown without its values, and without what asked for the profile', async () => {
    expect(await shownPath({}, '/o?page=2&q=a%20b&flag=&profile=text&term=')).toBe(
      '/o?page=…&q=…&flag='
    )
    expect(await shownPath({}, '/o?profile=1')).toBe('/o')
  })

  it('is shown with its values when asked, except for what looks secret', async () => {
    expect(
      await shownPath({ queryValues: true }, '/o?q=a%20b&api_key=1&Token=2&profile=text')
    ).toBe('/o?q=a%20b&api_key=…&Token=…')
  })

  it.each(
    (
      'token access_token apiKey X-Amz-Signature sig client_secret password pwd session_id sid auth ' +
      'authorization code otp pin jwt credentials cookie nonce csrf XSRF ticket SAMLResponse client_assertion'
    ).split(' ')
  )('keeps no value of %s', async (name) => {
    expect(await shownPath({ queryValues: true }, `/o?${name}=1&profile=text`)).toBe(`/o?${name}=…`)
  })

  it.each(['q', 'page', 'sort', 'id', 'spin', 'side', 'from'])('shows %s', async (name) => {
    expect(await shownPath({ queryValues: true }, `/o?${name}=1&profile=text`)).toBe(`/o?${name}=1`)
  })
})

it('tells of options that do not exist', () => {
  const options = { savedir: 'profiles' } as ProfilerOptions
  expect(() => resolveOptions(options, nodeRuntime)).toThrow(
    /there is no option 'savedir'; there are trigger, saveDir,/
  )
})
