/** The application that the tests of workerd record. */
import { DurableObject, RpcTarget, WorkerEntrypoint, env } from 'cloudflare:workers'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { upgradeWebSocket } from 'hono/cloudflare-workers'
import { kvStore, profiler, r2Store } from 'hono-profiler'
import { burn } from '../../truth/burn.ts'

/** Some milliseconds of a wait, by an API that only workerd has. */
const pause = (ms: number): Promise<void> => scheduler.wait(ms)

export class Counter extends DurableObject {
  readonly #days = ['Monday', 'Tuesday']

  async add(n: number): Promise<number> {
    await pause(25)
    return n + 1
  }

  get size(): number {
    return this.#days.length
  }

  clock(): Clock {
    return new Clock()
  }
}

class Clock extends RpcTarget {
  async pause(): Promise<string> {
    await pause(20)
    return 'paused'
  }
}

export class Greeter extends WorkerEntrypoint {
  async greet(name: string): Promise<string> {
    await pause(30)
    return `hello ${name}`
  }

  override async fetch(): Promise<Response> {
    await pause(35)
    return new Response('hello')
  }
}

const stores = { kv: kvStore(env.KV), r2: r2Store(env.R2) }

interface AppEnv {
  Bindings: typeof env
}

type AppContext = Context<AppEnv>

const app = new Hono<AppEnv>()

app.use('/kv/*', profiler({ store: stores.kv }))
app.use('/r2/*', profiler({ store: stores.r2 }))
app.get('/kv/work', (c) => c.text('kv'))
app.get('/r2/work', (c) => c.text('r2'))

app.get('/sessions/:store', async (c) => {
  const store = stores[c.req.param('store') as keyof typeof stores]
  const names = await store.list()
  const sessions = await Promise.all(names.map((name) => store.load(name)))
  return c.json({
    names,
    descriptions: sessions.map((session) => session?.meta.description),
    missing: (await store.load('nothing')) === undefined,
  })
})

app.use('/allowed/*', profiler({ authorize: () => true }))
app.get('/allowed/work', async (c) => c.text(await waitAndBurn()))

app.use(profiler())

/** Milliseconds that the parts of the last request of `/work` or `/bindings` took: on a busy machine, more than asked. */
let took: Record<string, number> = {}

app.get('/took', (c) => c.json(took))

async function waitAndBurn(): Promise<string> {
  const start = Date.now()
  burn(20)
  const burnt = Date.now()
  await pause(40)
  const paused = Date.now()
  burn(10)
  took = { before: burnt - start, pause: paused - burnt, after: Date.now() - paused }
  return 'done'
}

async function viaTimer(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30))
}

app.get(
  '/socket',
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- applications use it until Hono 5
  upgradeWebSocket(() => ({
    onMessage(event, socket) {
      socket.send(`echo ${event.data as string}`)
    },
  }))
)

app.get('/work', async function work(c) {
  const start = Date.now()
  await waitAndBurn()
  const burnt = Date.now()
  await viaTimer()
  await Promise.all([viaTimer(), pause(50)])
  took = { ...took, timers: Date.now() - burnt, whole: Date.now() - start }
  return c.text('done')
})

/** A local store answers within one tick of the clock, which are milliseconds: it is asked until that shows. */
const TICKS_TO_SEE = 8

async function useKv(c: AppContext): Promise<void> {
  await c.env.KV.put('key', 'value')
  for (const end = Date.now() + TICKS_TO_SEE; Date.now() < end;) {
    await c.env.KV.get('key')
  }
}

async function useD1(c: AppContext): Promise<void> {
  await c.env.DB.exec('create table if not exists visits (day int)')
  for (const end = Date.now() + TICKS_TO_SEE; Date.now() < end;) {
    await c.env.DB.prepare('insert into visits values (?)').bind(1).run()
  }
}

async function useObject(c: AppContext): Promise<number> {
  return await c.env.COUNTER.get(c.env.COUNTER.idFromName('one')).add(1)
}

async function useService(c: AppContext): Promise<string> {
  return await (await c.env.GREETER.fetch('http://greeter/')).text()
}

async function useRpc(c: AppContext): Promise<string> {
  return await c.env.GREETER.greet('Ada')
}

/** In and out of the worker's cache, as long as it takes to be seen. */
async function useCache(): Promise<void> {
  const cache = await caches.open('visits')
  await cache.put(
    'http://cache/one',
    new Response('one', { headers: { 'cache-control': 'max-age=60' } })
  )
  for (const end = Date.now() + TICKS_TO_SEE; Date.now() < end;) {
    await (await cache.match('http://cache/one'))?.text()
  }
}

app.get('/cookie', async (c) => {
  await pause(5)
  c.header('set-cookie', 'visited=yes')
  c.header('set-cookie', 'theme=dark', { append: true })
  return c.text('cookie')
})

app.get('/bindings', async function useBindings(c) {
  await useKv(c)
  await useD1(c)
  await useCache()
  const start = Date.now()
  const added = await useObject(c)
  const afterObject = Date.now()
  const served = await useService(c)
  const afterService = Date.now()
  const greeting = await useRpc(c)
  took = {
    useObject: afterObject - start,
    useService: afterService - afterObject,
    useRpc: Date.now() - afterService,
  }
  return c.json([added, served, greeting])
})

app.get('/remote', async function useRemote(c) {
  const { COUNTER } = c.env
  const id = COUNTER.idFromName('one')
  const stub = COUNTER.get(id)
  return c.json({
    size: await stub.size,
    paused: await stub.clock().pause(),
    isOwn: stub.id.equals(id),
    isClass: COUNTER.constructor === env.COUNTER.constructor,
  })
})

async function even(): Promise<void> {
  burn(4)
  await pause(5)
  burn(2)
}

async function odd(): Promise<void> {
  burn(4)
  await pause(5)
  burn(2)
}

app.get('/even', async (c) => {
  await even()
  return c.text('done')
})

app.get('/rows/:id', async (c) => {
  for (let i = 0; i < 5; i++) {
    await pause(1)
  }
  return c.json({ id: c.req.param('id') })
})

app.get('/odd', async (c) => {
  await odd()
  return c.text('done')
})

/** What recordings replace while they last, as it was before the first. */
const PLACES: [place: object, names: string[]][] = [
  [Promise.prototype, ['constructor']],
  [Object.getPrototypeOf(Response.prototype) as object, ['json', 'text', 'arrayBuffer']],
  [Object.getPrototypeOf(globalThis) as object, ['fetch', 'queueMicrotask']],
  [globalThis, ['setTimeout', 'setInterval']],
  [Object.getPrototypeOf(scheduler) as object, ['wait']],
]
const valuesNow = (): unknown[] =>
  PLACES.flatMap(([place, names]) =>
    names.map((name) => Object.getOwnPropertyDescriptor(place, name)?.value as unknown)
  )
const original = valuesNow()

app.get('/replaced', (c) => {
  const names = PLACES.flatMap(([, names]) => names)
  return c.json(valuesNow().flatMap((value, i) => (value === original[i] ? [] : [names[i]])))
})

export default app
