import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import type { JsonFrame, JsonProfile } from '../../truth/measure.ts'
import { ownTimes } from '../../truth/measure.ts'
import { inParallel } from './in-parallel.ts'
import { modes } from './modes.ts'
import type { Worker } from './start-worker.ts'
import { bundle, NODE_COMPAT, startWorker } from './start-worker.ts'

const BINDINGS = {
  name: 'main',
  kvNamespaces: ['KV'],
  r2Buckets: ['R2'],
  d1Databases: ['DB'],
  durableObjects: { COUNTER: 'Counter' },
  serviceBindings: { GREETER: { name: 'main', entrypoint: 'Greeter' } },
}

const NAMES = new Set([
  'work',
  'waitAndBurn',
  'viaTimer',
  'useKv',
  'useD1',
  'useCache',
  'useObject',
  'useService',
  'useRpc',
  'even',
  'odd',
])

/** What the functions of the application call. */
const HELPERS = ['burn', 'pause', 'new Promise callback', 'setTimeout callback', '(anonymous)']

async function profileOf(worker: Worker, path: string): Promise<JsonProfile> {
  const separator = path.includes('?') ? '&' : '?'
  const response = await fetch(`${worker.url}${path}${separator}profile=json`)
  expect(response.status).toBe(200)
  return (await response.json()) as JsonProfile
}

/** Milliseconds that parts of the last request took, as the application saw it. */
async function tookIn(worker: Worker): Promise<Record<string, number>> {
  return (await (await fetch(`${worker.url}/took`)).json()) as Record<string, number>
}

const tolerance = (ms: number): number => Math.max(5, 0.08 * ms)

function expectTime(measured: number | undefined, truth: number, what: string): void {
  expect(
    Math.abs((measured ?? 0) - truth),
    `${what}: ${measured} instead of ${truth} ms`
  ).toBeLessThanOrEqual(tolerance(truth))
}

/** The names of all functions of the application. */
function applicationOf(frame: JsonFrame): string[] {
  const own = frame.isApplicationCode ? [frame.function] : []
  return [...own, ...frame.children.flatMap(applicationOf)]
}

describe.each(modes)('workerd $mode', ({ options, isSampled }) => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('app.worker.ts', { ...BINDINGS, ...(await options()) })
    await profileOf(worker, '/work')
  })

  afterAll(() => worker.stop())

  it('tells where the time of a request went', async () => {
    // The first recordings load and compile what records; workerd does so while the request's timers run.
    await profileOf(worker, '/work')
    await profileOf(worker, '/work')
    const { rootFrame, meta } = await profileOf(worker, '/work')
    const times = ownTimes(rootFrame, NAMES)
    const { before, pause, after, timers, whole } = await tookIn(worker)
    // Without samples, what runs before the first await stands at the request.
    const computed = (isSampled ? before! : 0) + after!
    expectTime(times['work > waitAndBurn']?.cpu, computed, 'computing')
    expectTime(times['work > waitAndBurn']?.wait, pause!, 'scheduler.wait')
    const waits = (times['work > viaTimer']?.wait ?? 0) + (times.work?.wait ?? 0)
    expectTime(waits, timers!, 'timers and Promise.all')
    expectTime(meta.duration, whole!, 'the duration')
    expect(meta.totals.blocked).toBeLessThanOrEqual(5)
    expect(meta.notes.join()).toMatch(isSampled ? /^$/ : /no samples: no inspector/)
  })

  it.each(['', '?profile=1', '?profile=1&term=1'])(
    'opens a WebSocket, which talks: %j',
    async (query) => {
      const socket = new WebSocket(`${worker.url.replace('http', 'ws')}/socket${query}`)
      await once(socket, 'open')
      const message = once(socket, 'message')
      socket.send('order')
      const [{ data }] = (await message) as [{ data: unknown }]
      expect(data).toBe('echo order')
      socket.close()
    }
  )

  it('shows neither itself nor Hono as application code', async () => {
    const { rootFrame } = await profileOf(worker, '/work')
    const names = new Set(applicationOf(rootFrame))
    expect([...names].filter((name) => !NAMES.has(name) && !HELPERS.includes(name))).toEqual([])
  })

  it('gives remote properties, the ways through them and the names of objects as they are', async () => {
    const expected = { size: 2, paused: 'paused', isOwn: true, isClass: true }
    expect(await (await fetch(`${worker.url}/remote`)).json()).toEqual(expected)
    const recorded = await fetch(`${worker.url}/remote?profile=1&term=1`)
    expect(await recorded.json()).toEqual(expected)
    const { rootFrame } = await profileOf(worker, '/remote')
    const { cpu, wait } = ownTimes(rootFrame, new Set(['useRemote'])).useRemote!
    expectTime(cpu + wait, 20, 'the remote call')
  })

  it('sees calls of bindings, and gives what they give', async () => {
    const response = await fetch(`${worker.url}/bindings?profile=1&term=1`)
    expect(await response.json()).toEqual([2, 'hello', 'hello Ada'])
    const { rootFrame } = await profileOf(worker, '/bindings')
    const times = ownTimes(rootFrame, NAMES)
    const took = await tookIn(worker)
    expect(took.useObject).toBeGreaterThanOrEqual(24)
    for (const [name, ms] of Object.entries(took)) {
      const { cpu, wait } = times[name]!
      expectTime(cpu + wait, ms, name)
    }
    expect(times.useKv?.wait).toBeGreaterThan(0)
    expect(times.useD1?.wait).toBeGreaterThan(0)
    expect(times.useCache?.wait).toBeGreaterThan(0)
  })

  it('keeps requests that overlap apart', async () => {
    const requests = Array.from({ length: 64 }, (_, i) => (i % 2 ? 'odd' : 'even'))
    const profiles = await inParallel(8, requests, (name) => profileOf(worker, `/${name}`))
    let own = 0
    let others = 0
    profiles.forEach(({ rootFrame }, i) => {
      for (const [path, { cpu }] of Object.entries(ownTimes(rootFrame, NAMES))) {
        if (path.includes(requests[i]!)) {
          own += cpu
        } else if (path !== '') {
          others += cpu
        }
      }
    })
    expect(own).toBeGreaterThan((isSampled ? 4.5 : 1.5) * requests.length)
    expect(others / own, 'the part of other requests').toBeLessThan(0.01)
  })

  it('leaves nothing behind', async () => {
    expect(await (await fetch(`${worker.url}/replaced`)).json()).toEqual([])
  })
})

describe('a worker without nodejs_compat', () => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('app.worker.ts', { compatibilityFlags: [], ...BINDINGS })
  })

  afterAll(() => worker.stop())

  // The first requests: what records is loaded while the others come.
  it('records one request at a time', { retry: 0 }, async () => {
    const record = async (): Promise<string | null> => {
      const response = await fetch(`${worker.url}/work?profile=json`)
      await response.text()
      return response.headers.get('x-profile-error')
    }
    const errors = await Promise.all(Array.from({ length: 8 }, record))
    expect(errors.filter((error) => error?.includes('nodejs_compat'))).toHaveLength(7)
  })

  it('starts, is recorded, and says what is missing', async () => {
    const { meta, rootFrame } = await profileOf(worker, '/work')
    expect(meta.notes.join()).toContain('nodejs_compat')
    expectTime(meta.duration, (await tookIn(worker)).whole!, 'the duration')
    expect(applicationOf(rootFrame)).toContain('waitAndBurn')
  })

  it('has no static import of Node', () => {
    const imports = worker.script.match(/^\s*import\b.*["']node:.*$/gm) ?? []
    expect(imports.filter((line) => !line.includes('worker_threads'))).toEqual([])
  })
})

describe('a worker of an old compatibility date', () => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('app.worker.ts', {
      compatibilityDate: '2022-11-01',
      compatibilityFlags: [NODE_COMPAT],
      ...BINDINGS,
    })
  })

  afterAll(() => worker.stop())

  it('answers with the report, with the cookies of the response', async () => {
    const response = await fetch(`${worker.url}/cookie?profile=json`)
    expect(response.headers.get('content-type')).toContain('json')
    expect(response.headers.getSetCookie()).toEqual(['visited=yes', 'theme=dark'])
  })
})

describe('sessions on Cloudflare', () => {
  let worker: Worker

  beforeAll(async () => {
    worker = await startWorker('app.worker.ts', { compatibilityFlags: [NODE_COMPAT], ...BINDINGS })
  })

  afterAll(() => worker.stop())

  it.each(['kv', 'r2'])('are kept in %s', async (store) => {
    const names: (string | null)[] = []
    for (let i = 0; i < 3; i++) {
      const response = await fetch(`${worker.url}/${store}/work?profile=1&term=1`)
      expect(await response.text()).toBe(store)
      names.push(response.headers.get('x-profile-id'))
    }
    expect(await (await fetch(`${worker.url}/sessions/${store}`)).json()).toEqual({
      names,
      descriptions: names.map(() => `GET /${store}/work`),
      missing: true,
    })
  })
})

describe("on Cloudflare's servers", () => {
  /** There the clock goes on only when something is received: it shows what it showed when the last task began. */
  const FROZEN_CLOCK = `{
    const now = Date.now
    const schedule = setTimeout
    let shown = 0
    Date.now = () => shown
    performance.now = () => shown
    scheduler.wait = (ms) => new Promise((resolve) => {
      schedule(() => {
        shown = now()
        resolve()
      }, ms)
    })
  }
  `
  let worker: Worker

  beforeAll(async () => {
    const app = await bundle(new URL('frozen.worker.ts', import.meta.url).pathname)
    worker = await startWorker('', {
      compatibilityFlags: [NODE_COMPAT],
      script: FROZEN_CLOCK + app,
    })
  })

  afterAll(() => worker.stop())

  it('records nothing that nobody authorized', async () => {
    expect(await (await fetch(`${worker.url}/work?profile=1`)).text()).toBe('done')
  })

  it('tells waits, and that it cannot tell more', async () => {
    const profile = await profileOf(worker, '/allowed/work')
    expect(profile.meta.notes.join()).toContain('clock stands still')
    // The clock has not gone on since the test before.
    expect(profile.meta.totals.await).toBeGreaterThanOrEqual(40)
    expect(profile.meta.totals.cpu).toBe(0)
  })
})
