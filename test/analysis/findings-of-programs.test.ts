import { Hono } from 'hono'
import { timeout } from 'hono/timeout'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/analysis/findings.ts'
import { bindProfiler, sleep, watchedStore } from '../helpers/bound-profiler.ts'

/** A query as drivers have them: some waiting in an async function of the application. */
async function query(ms: number): Promise<number> {
  await sleep(ms)
  return ms
}

const timedOutAfter = (ms: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error('too late'))
    }, ms)
  })

/** Keeps the processor busy; the helpers' own function counts as the profiler's. */
function burnCycles(ms: number): number {
  const endMs = performance.now() + ms
  let sum = 0
  while (performance.now() < endMs) {
    for (let i = 0; i < 20_000; i++) {
      sum += Math.sqrt(i)
    }
  }
  return sum
}

/** Profiles a request of a handler, recorded by the real profiler of this Node. */
async function findingsOf(register: (app: Hono) => void): Promise<Finding[]> {
  const store = watchedStore()
  const app = new Hono()
  app.use(bindProfiler().profiler({ store }))
  register(app)
  await app.request('/')
  const response = await app.request('/?profile=json')
  expect(response.status).toBe(200)
  return (await store.last()).findings()
}

/** What is found in sequence, by the function that awaits. */
const sequencesIn = (found: Finding[]): (string | undefined)[] =>
  found.filter(({ kind }) => kind === 'sequential-awaits').map((each) => each.function?.name)

describe('in real requests', () => {
  it('a loop of awaits is found in the function that loops', async () => {
    const found = await findingsOf((app) =>
      app.get('/', async function listOrders(c) {
        for (let i = 0; i < 8; i++) {
          await query(6)
        }
        return c.text('ok')
      })
    )
    expect(sequencesIn(found)).toEqual(['listOrders'])
    expect(found[0]!.title).toMatch(/^8 awaits one after another/)
    expect(found[0]!.waits.length).toBeGreaterThanOrEqual(8)
  })

  it('a helper that only makes the promise is not taken for the loop', async () => {
    const found = await findingsOf((app) =>
      app.get('/', async function pollJobs(c) {
        for (let i = 0; i < 5; i++) {
          await sleep(10)
        }
        return c.text('ok')
      })
    )
    expect(sequencesIn(found)).toEqual(['pollJobs'])
  })

  it('calls that a lock lets run one at a time are no loop', async () => {
    let last: Promise<unknown> = Promise.resolve()
    const locked = async <T>(work: () => Promise<T>): Promise<T> => {
      const turn = last.then(work)
      last = turn
      return turn
    }
    const found = await findingsOf((app) =>
      app.get('/', async (c) =>
        c.json(await Promise.all([9, 9, 9, 9].map((ms) => locked(() => query(ms)))))
      )
    )
    expect(found[0]!.title).toMatch(/^4 calls one at a time in query /)
  })

  it('an async function that returns the promise of another hides no loop', async () => {
    const repository = { load: async (ms: number) => query(ms) }
    const found = await findingsOf((app) =>
      app.get('/', async function listOrders(c) {
        for (let i = 0; i < 6; i++) {
          await repository.load(8)
        }
        return c.text('ok')
      })
    )
    expect(sequencesIn(found)).toEqual(['listOrders'])
  })

  it('a helper with two awaits, called in a loop, is a loop and no more', async () => {
    async function loadTwo() {
      await query(5)
      await query(1)
    }
    const found = await findingsOf((app) =>
      app.get('/', async function loadAll(c) {
        for (let i = 0; i < 6; i++) {
          await loadTwo()
        }
        return c.text('ok')
      })
    )
    expect(sequencesIn(found)[0]).toBe('loadAll')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['Promise.all', () => Promise.all([1, 2, 3, 4, 5].map(() => query(20)))],
    [
      'promises that were started before',
      async () => {
        const [a, b, c] = [query(20), query(30), query(40)]
        await a
        await b
        await c
      },
    ],
    [
      'a loop over started promises',
      async () => {
        for (const started of [10, 20, 30, 40].map(query)) {
          await started
        }
      },
    ],
    ['a single wait', () => query(40)],
    ['a long timer', () => sleep(40)],
    [
      'workers that share a queue',
      async () => {
        const jobs = Array.from({ length: 9 }, () => 8)
        const work = async () => {
          for (let ms = jobs.pop(); ms; ms = jobs.pop()) {
            await query(ms)
          }
        }
        await Promise.all([work(), work(), work()])
      },
    ],
    [
      'chains side by side',
      () =>
        Promise.all(
          [1, 2, 3].map(async () => {
            await query(15)
            await query(15)
          })
        ),
    ],
  ])('%s is no sequence', async (_name, work) => {
    const found = await findingsOf((app) =>
      app.get('/', async (c) => {
        await work()
        return c.text('ok')
      })
    )
    expect(sequencesIn(found)).toEqual([])
  })

  it('a fast request gives nothing', async () => {
    expect(await findingsOf((app) => app.get('/', (c) => c.text('ok')))).toEqual([])
  })

  it('a function that burns is named', async () => {
    const found = await findingsOf((app) =>
      app.get('/', async function compute(c) {
        await query(10)
        burnCycles(80)
        return c.text('ok')
      })
    )

    expect(found[0]).toMatchObject({ kind: 'hot-function' })
    expect(found[0]!.function?.file).toMatch(/findings-of-programs/)
  })

  it('a middleware that waits for itself is named, and not its wait for the handler', async () => {
    const found = await findingsOf((app) => {
      app.use(async function requireUser(_c, next) {
        await query(40)
        await next()
      })
      app.get('/', async (c) => {
        await query(40)
        return c.text('ok')
      })
    })
    expect(found.map(({ kind }) => kind)).toEqual(['slow-middleware'])
    expect(found[0]!.function?.name).toBe('requireUser')
  })

  it.each<[string, (app: Hono) => void]>([
    [
      'hono/timeout',
      (app) => {
        app.use(timeout(60))
        app.get('/', async function loadReport(c) {
          await query(10)
          await query(400)
          return c.text('late')
        })
      },
    ],
    [
      'a race',
      (app) =>
        app.get('/', async function loadReport(c) {
          try {
            await Promise.race([query(400), timedOutAfter(60)])
          } catch {
            // What is there without it.
          }
          return c.text('early')
        }),
    ],
  ])('%s that is lost tells what was still waiting', async (_name, register) => {
    const found = await findingsOf(register)
    expect(found[0]).toMatchObject({ kind: 'timeout', function: { name: 'query' } })
    expect(found[0]!.title).toContain('called in loadReport')
  })

  it('the first answer of `Promise.any` is no timeout, whatever it waited for', async () => {
    const found = await findingsOf((app) =>
      app.get('/', async (c) => c.json(await Promise.any([query(400), query(60)])))
    )
    expect(found.map(({ kind }) => kind)).not.toContain('timeout')
  })
})
