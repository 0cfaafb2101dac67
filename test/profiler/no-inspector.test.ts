import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { nodeAdapter } from '../../runtimes/node/adapter.ts'
import type { Adapter } from '../../src/adapter.ts'
import { bindProfiler, watchedStore } from '../helpers/bound-profiler.ts'
import { expectNothingRunning } from '../helpers/nothing-running.ts'

afterEach(() => {
  vi.restoreAllMocks()
  expectNothingRunning()
})

const program = fileURLToPath(new URL('../helpers/restricted-app.ts', import.meta.url))

type Answers = Record<string, { status: number; headers: Record<string, string>; text: string }>

async function runProgram(flags: string[]): Promise<{ answers: Answers; stderr: string }> {
  const { NODE_OPTIONS, ...env } = process.env
  expect(NODE_OPTIONS).toBeUndefined()
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, program], {
    env,
  })
  return { answers: JSON.parse(stdout) as Answers, stderr }
}

describe('under the permission model, which takes the inspector away', () => {
  it('serves the requests, shows the waits, and says why there are no samples', async () => {
    const { answers, stderr } = await runProgram(['--permission', '--allow-fs-read=*'])
    expect(answers['']).toMatchObject({ status: 200, text: 'own' })
    const report = answers['?profile=text']!
    expect(report.status).toBe(200)
    expect(report.text).toContain('gave no samples: Access to this API has been restricted')
    expect(report.text).toContain('listOrders')
    expect(report.text).toContain('[await]')
    expect(answers['?profile=1&term=1']).toMatchObject({ status: 200, text: 'own' })
    expect(stderr).toContain('gave no samples: Access to this API has been restricted')
  })
})

describe('when the built-in objects are frozen', () => {
  it('profiles what it can, and says what is missing', async () => {
    const { answers } = await runProgram(['--frozen-intrinsics', '--no-warnings'])
    expect(answers['']).toMatchObject({ status: 200, text: 'own' })
    expect(answers['?profile=text']!.text).toContain('`Error` is frozen')
  })
})

/** An application on a runtime that cannot record. */
function crippled(loadAdapter: () => Promise<Adapter>): { app: Hono; printed: string[] } {
  const { profiler, printed } = bindProfiler({}, { loadAdapter })
  const app = new Hono()
  app.use(profiler())
  app.get('/text', (c) => c.text('own'))
  app.get('/raw', () => new Response('own', { status: 201 }))
  app.get('/fail', () => {
    throw new Error('out of stock')
  })
  return { app, printed }
}

const cannot: [string, () => Promise<Adapter>][] = [
  ['has no adapter', () => Promise.reject(new Error('no inspector here: ♥\nadd one'))],
  [
    'cannot start',
    () =>
      Promise.resolve({
        uncounted: nodeAdapter.uncounted,
        current: () => undefined,
        start: () => {
          throw new Error('no inspector here: ♥\nadd one')
        },
      }),
  ],
]

describe.each(cannot)('when the runtime %s', (_what, loadAdapter) => {
  it.each(['/text', '/raw'])('serves %s and says why in a header', async (path) => {
    const { app } = crippled(loadAdapter)
    for (const query of ['?profile=1', '?profile=1&term=1']) {
      const response = await app.request(path + query)
      expect(await response.text()).toBe('own')
      expect(String(response.headers.get('x-profile-error'))).toMatch(
        /^no inspector here: +add one$/
      )
    }
    expect((await app.request(path)).headers.has('x-profile-error')).toBe(false)
  })

  it('warns once on the terminal', async () => {
    const { app, printed } = crippled(loadAdapter)
    for (let i = 0; i < 3; i++) {
      await app.request('/text?profile=1')
    }
    expect(printed).toEqual([
      'hono-profiler: this request is not profiled: no inspector here: ♥\nadd one',
    ])
  })

  it('serves the error of a handler that throws', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const { app } = crippled(loadAdapter)
    const response = await app.request('/fail?profile=1')
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
  })

  it('lets `profile` say so instead of calling the function', async () => {
    const { profile } = bindProfiler({}, { loadAdapter })
    await expect(profile(() => 7)).rejects.toThrow('no inspector here')
  })
})

describe('when a recording breaks', () => {
  const breaking = (stop: () => never): (() => Promise<Adapter>) => {
    return () =>
      Promise.resolve({
        current: () => undefined,
        uncounted: (work) => work(),
        start: () => ({
          run: (request) => request(),
          span: (_name, _kind, work) => work(),
          stop,
        }),
      })
  }

  it('serves the request, and tells on the terminal that the profile is lost', async () => {
    const loadAdapter = breaking(() => {
      throw new Error('the profile is gone')
    })
    const { app, printed } = crippled(loadAdapter)
    const response = await app.request('/raw?profile=1')
    expect([response.status, await response.text()]).toEqual([201, 'own'])
    expect(printed).toEqual(['hono-profiler: the profile of GET /raw is lost: the profile is gone'])
    expect(response.headers.get('x-profile-error')).toBe('the profile is gone')
  })
})

it('goes on recording after a renderer or store that failed', async () => {
  const store = { ...watchedStore(), save: () => Promise.reject(new Error('full')) }
  const { profiler, printed } = bindProfiler()
  const app = new Hono().use(profiler({ store })).get('/', (c) => c.text('own'))
  expect(await (await app.request('/?profile=text')).text()).toContain('could not be saved: full')
  expect(await (await app.request('/?profile=1')).text()).toContain('could not be saved: full')
  expect(printed).toHaveLength(1)
})
