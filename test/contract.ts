/**
 * What holds on every runtime. It is run unchanged under each: by vitest on Node, `bun test`, `deno test` and in a
 * worker, so it knows no test framework and no runtime.
 */
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import assert from 'node:assert/strict'
import type { Profiler } from '../src/profiler.ts'
import { consoleRenderer } from '../src/render/console.ts'
import { FORMATS } from '../src/render/formats.ts'
import { checkSession, checkTree } from '../src/session/check.ts'
import { walk } from '../src/session/frame.ts'
import type { Session } from '../src/session.ts'
import type { SessionStore } from '../src/store/store.ts'
import { memoryStore } from '../src/store/store.ts'
import { burn } from './truth/burn.ts'
import type { Stretch } from './truth/sampling-gaps.ts'

/** A runtime under test. */
export interface Subject {
  /** The framework's own way to define a test. */
  test: (name: string, run: () => Promise<void>) => void
  /** The name that sessions must bear. */
  runtime: string
  /** Whether the code really runs there, told by something that no other runtime has. */
  isIntended: () => boolean
  /** What the runtime's entry exports. */
  entry: Profiler
  /** What the runtime tells of its version; a number by default. */
  version?: RegExp
  /**
   * The least that a profile must show of 40 ms which a function computes in eight runs; 38 by default, 0 where calls
   * between awaits are not seen.
   */
  leastMs?: number
  /** The longest time without a sample in some stretches, in milliseconds; undefined where that is not seen. */
  longestGap?: (stretches: readonly Stretch[]) => number
  /** Objects whose properties must be the same after a recording as before. */
  patched: object[]
}

/** The beginnings of the content types. */
const CONTENT_TYPES: Record<string, string> = {
  html: 'text/html',
  text: 'text/plain',
  markdown: 'text/markdown',
  folded: 'text/plain',
  pprof: 'application/',
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Defines the tests of the contract. */
export function defineContract(subject: Subject): void {
  const { test, runtime } = subject
  test(`this is ${runtime}`, async () => {
    assert.ok(subject.isIntended(), `these tests must run on ${runtime}`)
    const { session } = await subject.entry.profile(() => 1)
    assert.equal(session.meta.runtime, runtime)
    assert.match(session.meta.runtimeVersion, subject.version ?? /^\d+\./)
  })
  defineAsking(subject)
  defineRecording(subject)
  defineBounds(subject)
  defineCleaning(subject)
}

function defineAsking({ test, entry: { profiler, instrument, span } }: Subject): void {
  const store = memoryStore()
  const app = new Hono()
  app.use('/app/*', profiler({ store }))
  app.get('/app/hello', async function hello(c) {
    await sleep(5)
    span('greeting', () => {
      burn(3)
    })
    return c.text('hello')
  })
  app.get('/app/broken', async function broken() {
    await sleep(2)
    throw new RangeError('out of stock')
  })
  app.onError((error, c) => c.text(error.message, 500))
  app.get(
    '/instrumented',
    instrument(async function instrumented(c) {
      await sleep(2)
      return c.text('its own answer')
    })
  )

  test('a request that does not ask is served as it is', async () => {
    const response = await app.request('/app/hello')
    assert.equal(await response.text(), 'hello')
    assert.equal(response.headers.get('x-profile-id'), null)
  })

  for (const format of FORMATS) {
    const type = CONTENT_TYPES[format] ?? 'application/json'
    test(`?profile=${format} answers in that format`, async () => {
      const response = await app.request(`/app/hello?profile=${format}`)
      assert.equal(response.status, 200)
      const contentType = response.headers.get('content-type') ?? ''
      assert.ok(contentType.startsWith(type), `${contentType} is not ${type}`)
      assert.notEqual(await response.text(), 'hello')
    })
  }

  test('?term=1 serves the own answer, with the times in a header', async () => {
    const response = await app.request('/app/hello?profile=1&term=1')
    assert.equal(await response.text(), 'hello')
    assert.match(response.headers.get('server-timing') ?? '', /dur=/)
    assert.ok(await store.load(response.headers.get('x-profile-id') ?? ''))
  })

  test('an instrumented handler answers with its profile', async () => {
    const response = await app.request('/instrumented')
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
    assert.match(await response.text(), /instrumented/)
  })

  test('a handler that throws is profiled, with its error', async () => {
    const response = await app.request('/app/broken?profile=json')
    const { meta } = (await response.json()) as { meta: Session['meta'] }
    assert.equal(meta.request?.error, 'RangeError: out of stock')
  })

  test('a span of the user is in the session', async () => {
    const response = await app.request('/app/hello?profile=1&term=1')
    const session = checked(await store.load(response.headers.get('x-profile-id') ?? ''))
    const greeting = session.data.spans.find(({ name }) => name === 'greeting')
    // What the profiler did meanwhile is not part of it.
    assert.ok(greeting && greeting.endUs - greeting.startUs >= 2900, JSON.stringify(greeting))
  })
}

function defineRecording({ test, leastMs = 38, entry: { profile } }: Subject): void {
  test('profile gives the value and a session that obeys the invariants', async () => {
    const { value, session } = await profile(async function compute() {
      await sleep(10)
      burn(10)
      return 42
    })
    assert.equal(value, 42)
    checked(session)
    const { cpu, gc, await: waited, blocked } = session.meta.totals
    assert.ok(cpu + gc >= 9, `${cpu} ms of cpu`)
    assert.ok(waited + blocked >= 8, `${waited} ms of waiting`)
    assert.ok(session.meta.fidelity.cpu && session.meta.fidelity.waits)
  })

  test('profile throws what the function throws', async () => {
    await assert.rejects(
      profile(async () => {
        await sleep(1)
        throw new RangeError('out of stock')
      }),
      /out of stock/
    )
  })

  test('recordings that overlap are kept apart', async () => {
    async function loadUsers(): Promise<void> {
      for (let i = 0; i < 8; i++) {
        await sleep(4)
        countUsers()
      }
    }
    async function loadOrders(): Promise<void> {
      for (let i = 0; i < 8; i++) {
        await sleep(3)
        countOrders()
      }
    }
    let [users, orders] = [0, 0]
    for (let attempt = 0; attempt < OVERLAPS && Math.min(users, orders) < leastMs; attempt++) {
      const both = await Promise.all([profile(loadUsers), profile(loadOrders)])
      users = ownTime(both[0].session, 'countUsers', 'countOrders')
      orders = ownTime(both[1].session, 'countOrders', 'countUsers')
    }
    assert.ok(users >= leastMs, `countUsers has ${users} ms`)
    assert.ok(orders >= leastMs, `countOrders has ${orders} ms`)
  })
}

function countUsers(): void {
  burn(5)
}

function countOrders(): void {
  burn(5)
}

/**
 * How often recordings that overlap are made until the sampler has seen most of both: at an inspector's port one has to
 * wait for the other when it starts and ends, and of eight bursts of 5 ms some are then not sampled.
 */
const OVERLAPS = 4

/** One sample that hits the moment of a switch may go to the other side: at most an interval, of some 40 ms. */
const SWITCH_MS = 1

/** Milliseconds of a function on the processor, in whose tree another one has no place. */
function ownTime(session: Session, own: string, other: string): number {
  const frames = [...walk(checked(session).rootFrame())]
  const timeOf = (name: string): number =>
    frames.filter((frame) => frame.function === name).reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  assert.ok(timeOf(other) <= SWITCH_MS, `${other} has ${timeOf(other)} ms in the tree of ${own}`)
  return timeOf(own)
}

export type Descriptors = Record<PropertyKey, Partial<Record<keyof PropertyDescriptor, unknown>>>

/** Names of the properties that are not the very same. */
export function changedProperties(before: Descriptors, after: Descriptors): string[] {
  const names = new Set([...Reflect.ownKeys(before), ...Reflect.ownKeys(after)])
  const parts = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const
  const isSame = (name: PropertyKey): boolean =>
    parts.every((part) => Object.is(before[name]?.[part], after[name]?.[part]))
  return [...names].filter((name) => !isSame(name)).map(String)
}

function defineBounds({ test, entry: { profiler, profile } }: Subject): void {
  test('a recording ends when it follows as many awaits as maxSamples allows', async () => {
    const { value, session } = await profile(
      async () => {
        for (let i = 0; i < 40; i++) {
          await sleep(2)
        }
        return 'all of it'
      },
      { maxSamples: 10, interval: 1000 }
    )
    assert.equal(value, 'all of it')
    assert.match(
      session.meta.notes.join(),
      /it had not ended after 10 awaits and callbacks \(maxSamples\); what followed was not/
    )
    checkSession(session.data)
    assert.ok(session.data.waits.length <= 10, `${session.data.waits.length} waits`)
  })

  test('a recording ends after as much time as maxSamples takes', async () => {
    const { value, session } = await profile(() => sleep(60).then(() => 'all of it'), {
      maxSamples: 10,
      interval: 2,
    })
    assert.equal(value, 'all of it')
    assert.match(
      session.meta.notes.join(),
      /it had not ended after 20 ms, 10 samples \(maxSamples\)/
    )
    checkSession(session.data)
  })

  test('the body of a response is told from the time to its first byte', async () => {
    const store = memoryStore()
    const app = new Hono().use(profiler({ store }))
    app.get('/events', (c) =>
      streamSSE(c, async (out) => {
        await sleep(20)
        for (let i = 0; i < 4; i++) {
          await out.writeSSE({ data: `event ${i}` })
          await sleep(10)
        }
      })
    )
    for (const query of ['?profile=text', '?profile=1&term=1']) {
      const seen = (await store.list()).at(-1)
      await (await app.request(`/events${query}`)).text()
      const session = await latest(store, seen)
      const { duration, request } = session.meta
      const firstByte = request?.timeToFirstByte ?? NaN
      assert.ok(firstByte > 15, `first byte after ${firstByte} ms`)
      assert.ok(duration - firstByte > 25, `${firstByte} of ${duration} ms until the first byte`)
      assert.match(
        consoleRenderer().render(session),
        /first byte after [\d.]+ ms, then [\d.]+ ms of/
      )
    }
  })
}

/** The session that is kept last, which may be a moment after the body has ended. */
export async function latest(store: SessionStore, seen?: string): Promise<Session> {
  const name = (await store.list()).at(-1)
  if (name === undefined || name === seen) {
    await sleep(1)
    return latest(store, seen)
  }
  return (await store.load(name))!
}

function defineCleaning({ test, entry: { profile }, patched }: Subject): void {
  test('nothing stays installed', async () => {
    const before = patched.map(Object.getOwnPropertyDescriptors)
    await Promise.all([profile(() => sleep(5)), profile(() => sleep(10))])
    const after = patched.map(Object.getOwnPropertyDescriptors)
    assert.deepEqual(
      before.flatMap((descriptors, i) => changedProperties(descriptors, after[i]!)),
      []
    )
  })

  test('what the application changes meanwhile stays changed', async () => {
    // workerd has it on the prototype.
    const holder: object = Object.hasOwn(globalThis, 'queueMicrotask')
      ? globalThis
      : (Object.getPrototypeOf(globalThis) as object)
    const original = Object.getOwnPropertyDescriptor(holder, 'queueMicrotask')!
    const replacement = (): void => undefined
    try {
      await profile(async () => {
        await sleep(2)
        Object.defineProperty(holder, 'queueMicrotask', { ...original, value: replacement })
      })
      assert.equal(globalThis.queueMicrotask, replacement)
    } finally {
      Object.defineProperty(holder, 'queueMicrotask', original)
    }
  })
}

function checked(session: Session | undefined): Session {
  assert.ok(session, 'there is no session')
  checkSession(session.data)
  checkTree(session.rootFrame(), session.duration)
  return session
}
