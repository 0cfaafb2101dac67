import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stderrTerminal } from '../../runtimes/common/terminal.ts'
import { serverTiming } from '../../src/respond.ts'
import type { SessionStore } from '../../src/store/store.ts'
import { bindProfiler, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

const escape = '\u001b['

let { profiler, printed } = bindProfiler()

beforeEach(() => {
  ;({ profiler, printed } = bindProfiler())
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  expectNothingRunning()
})

function shop(store?: SessionStore): Hono {
  const app = new Hono()
  app.use(profiler(store ? { store } : {}))
  app.get('/order', (c) => {
    c.header('etag', '"7"')
    c.header('set-cookie', 'a=1')
    return c.json({ id: 7 }, 203)
  })
  app.get('/empty', (c) => c.body(null, 204))
  app.get('/foreign', () => Response.redirect('http://host/elsewhere', 307))
  app.get('/timed', (c) => {
    c.header('server-timing', 'db;dur=3')
    return c.text('own')
  })
  return app
}

describe('term=1', () => {
  it('prints the tree once and serves the response of the application unchanged', async () => {
    const response = await shop().request('/order?profile=1&term=1')
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain('GET /order')
    expect(response.status).toBe(203)
    expect(await response.json()).toEqual({ id: 7 })
    const { 'server-timing': timing, ...headers } = Object.fromEntries(response.headers)
    expect(headers).toEqual({
      'content-type': 'application/json',
      etag: '"7"',
      'set-cookie': 'a=1',
    })
    expect(timing).toMatch(/^total;dur=[\d.]+, cpu;dur=[\d.]+, gc;dur=[\d.]+, await;dur=/)
  })

  it('prints each time', async () => {
    const app = shop()
    await app.request('/order?profile=1&term=1')
    await app.request('/order?profile=text&term=yes')
    expect(printed).toHaveLength(2)
  })

  it('gives the totals in Server-Timing, beside those of the application', async () => {
    const store = watchedStore()
    const response = await shop(store).request('/timed?profile=1&term=1')
    const { meta } = await store.last()
    expect(response.headers.get('server-timing')).toBe(`db;dur=3, ${serverTiming(meta)}`)
    expect(await response.text()).toBe('own')
  })

  it('names the session when it was saved, and only then', async () => {
    const store = watchedStore()
    const saved = await shop(store).request('/order?profile=1&term=1')
    expect(saved.headers.get('x-profile-id')).toBe((await store.list())[0])
    const unsaved = await shop().request('/order?profile=1&term=1')
    expect(unsaved.headers.has('x-profile-id')).toBe(false)
  })

  it('serves responses without a body, and those whose headers cannot be changed', async () => {
    const empty = await shop().request('/empty?profile=1&term=1')
    expect([empty.status, empty.body]).toEqual([204, null])
    const foreign = await shop().request('/foreign?profile=1&term=1')
    expect([foreign.status, foreign.headers.get('location')]).toEqual([
      307,
      'http://host/elsewhere',
    ])
    expect(foreign.headers.get('server-timing')).toMatch(/^total;dur=/)
  })

  it('prints without colours where the runtime wants none, and with them where it does', async () => {
    await shop().request('/order?profile=1&term=1')
    expect(printed[0]).not.toContain(escape)
    const colourful: string[] = []
    const print = (text: string): number => colourful.push(text)
    profiler = bindProfiler({}, { terminal: { print, color: true } }).profiler
    await shop().request('/order?profile=1&term=1')
    expect(colourful.join('')).toContain(escape)
  })
})

describe('the terminal of Node', () => {
  const environment = (variables: Record<string, string | undefined>): void => {
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM']) {
      vi.stubEnv(name, variables[name])
    }
  }
  const onTerminal = (isTerminal: boolean): void => {
    const original = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
    Object.defineProperty(process.stderr, 'isTTY', { value: isTerminal, configurable: true })
    restore = () => {
      if (original) {
        Object.defineProperty(process.stderr, 'isTTY', original)
      } else {
        Reflect.deleteProperty(process.stderr, 'isTTY')
      }
    }
  }
  let restore = (): void => undefined
  afterEach(() => {
    restore()
  })

  it.each([
    { TERM: 'xterm', expected: true },
    { TERM: 'dumb', expected: false },
    { NO_COLOR: '1', expected: false },
    { NO_COLOR: '', expected: true },
    { NO_COLOR: '1', FORCE_COLOR: '1', expected: false },
    { FORCE_COLOR: '0', expected: false },
  ])('has colours on a TTY as the environment says: %j', ({ expected, ...variables }) => {
    onTerminal(true)
    environment(variables)
    expect(stderrTerminal.color).toBe(expected)
  })

  it.each([
    { expected: false },
    { FORCE_COLOR: '1', expected: true },
    { FORCE_COLOR: '', expected: false },
    { FORCE_COLOR: '3', NO_COLOR: '1', expected: false },
  ])('has colours in a pipe only when they are forced: %j', ({ expected, ...variables }) => {
    onTerminal(false)
    environment(variables)
    expect(stderrTerminal.color).toBe(expected)
  })

  it('is stderr, so that stdout stays the program’s own', () => {
    const written: unknown[] = []
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(text)
      return true
    })
    stderrTerminal.print('a tree')
    expect(written).toEqual(['a tree\n'])
  })
})
