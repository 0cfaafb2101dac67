import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProfilerOptions } from '../../src/options.ts'
import type { Session } from '../../src/session.ts'
import { loadSession } from '../../src/store/directory-store.ts'
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
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(() => {
  vi.restoreAllMocks()
  expectNothingRunning()
})

const sumOf = (entries: { time: number }[]): number =>
  entries.reduce((sum, { time }) => sum + time, 0)

describe('1: no time is counted twice', () => {
  async function recorded(): Promise<Session> {
    const { session } = await bindProfiler().profile(async function handler() {
      await sleep(15)
      burn(15)
      await Promise.all([sleep(5), sleep(10)])
    })
    return checked(session)
  }

  it('in flat, hotPaths and callees, with paths and without', async () => {
    const session = await recorded()
    const all = { n: Infinity }
    expect(sumOf(session.flat(all))).toBeCloseTo(session.duration, 6)
    expect(sumOf(session.hotPaths(all))).toBeCloseTo(session.duration, 6)
    const own = { n: Infinity, paths: ['pyinstrument-defects'] }
    expect(sumOf(session.flat(own))).toBeLessThanOrEqual(session.duration)
    expect(sumOf(session.hotPaths(own))).toBeLessThanOrEqual(session.duration * 1.000001)
    expect(sumOf(session.callees('handler', all))).toBeLessThanOrEqual(session.duration)
  })

  it('and no row is without a name', async () => {
    const session = await recorded()
    for (const { function: name } of [...session.flat(), ...session.callees('handler')]) {
      expect(name).not.toMatch(/^(\[.*\])?$/)
    }
  })
})

describe('2: a handler that throws', () => {
  it('leaves no sampler and no hook running', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const app = new Hono().use(bindProfiler().profiler())
    app.get('/', async () => {
      await sleep(1)
      throw new Error('out of stock')
    })
    for (const path of ['/?profile=1', '/?profile=1&term=1']) {
      await app.request(path)
      expectNothingRunning()
    }
  })
})

describe('3: all of the response is profiled', () => {
  it('a sync handler too', async () => {
    const store = watchedStore()
    const app = new Hono().use(bindProfiler().profiler({ store }))
    app.get('/', function listOrders(c) {
      burn(LONG_ENOUGH_TO_BE_SAMPLED)
      return c.text('own')
    })
    await app.request('/?profile=1')
    const session = await store.last()
    expect(functionNames(session)).toContain('listOrders')
    expect(timesOf(session).ran).toBeGreaterThan(LONG_ENOUGH_TO_BE_SAMPLED - 1)
  })

  it.each(['?profile=1', '?profile=1&term=1'])('a body that streams too: %s', async (query) => {
    const store = watchedStore()
    const app = new Hono().use(bindProfiler().profiler({ store }))
    app.get('/', (c) =>
      stream(c, async function writeOrders(out) {
        for (let i = 0; i < 3; i++) {
          await sleep(5)
          await out.write('part ')
        }
      })
    )
    await (await app.request(`/${query}`)).text()
    await expect.poll(() => store.list()).toHaveLength(1)
    const session = await store.last()
    expect(functionNames(session)).toContain('writeOrders')
    expect(session.duration).toBeGreaterThan(14)
  })
})

describe('4: saved sessions', () => {
  it('of one second each have a file, which says method and path and is data alone', async () => {
    const saveDir = await mkdtemp(join(tmpdir(), 'hono-profiler-'))
    const app = new Hono().use(bindProfiler().profiler({ saveDir }))
    app.all('/orders/:id', (c) => c.text('own'))
    const methods = ['GET', 'GET', 'DELETE']
    const request = async (method: string): Promise<Response> =>
      await app.request('/orders/7?profile=1', { method })
    await Promise.all(methods.map(request))
    const files = await readdir(saveDir)
    expect(files).toHaveLength(3)
    expect(files.filter((name) => name.includes('-GET-orders-7'))).toHaveLength(2)
    expect(files.filter((name) => name.includes('-DELETE-orders-7'))).toHaveLength(1)
    const text = await readFile(join(saveDir, files[0]!), 'utf8')
    expect((await loadSession(text)).toJSON()).toEqual(JSON.parse(text))
    await rm(saveDir, { recursive: true })
  })
})

describe('5: not everybody sees the sources', () => {
  it('nobody does in production, unless the application lets them', async () => {
    const { profiler } = bindProfiler({ NODE_ENV: 'production' })
    const authorize: ProfilerOptions['authorize'] = (c) => c.req.header('x-key') === 'secret'
    const answer = async (options: ProfilerOptions, key: string): Promise<string> => {
      const app = new Hono()
      app.use(profiler(options))
      app.get('/', (c) => c.text('own'))
      return await (await app.request('/?profile=1', { headers: { 'x-key': key } })).text()
    }
    expect(await answer({}, 'secret')).toBe('own')
    expect(await answer({ authorize }, '')).toBe('own')
    expect(await answer({ authorize }, 'guess')).toBe('own')
    expect(await answer({ authorize }, 'secret')).toMatch(/^<!doctype html>/)
  })
})

describe('6: what is printed', () => {
  it('goes to the terminal as it was rendered, brackets and paths included', async () => {
    const { profiler, printed } = bindProfiler()
    const app = new Hono().use(profiler())
    app.get('/a/[bold]b[/bold]', async (c) => {
      await sleep(10)
      return c.text('own')
    })
    await app.request('/a/[bold]b[/bold]?profile=1&term=1')
    expect(printed[0]).toContain('GET /a/[bold]b[/bold]')
    expect(printed[0]).toContain('[await]')
    expect(printed[0]).toContain('pyinstrument-defects.test.ts')
  })
})
