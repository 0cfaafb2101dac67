import type { Context } from 'hono'
import { EventEmitter, once } from 'node:events'
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

/** Callbacks within callbacks, and one promise around them all. */
async function timers(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'timers')
  const resumed = own.wait()
  await new Promise<void>((resolve) => {
    setTimeout(function first() {
      const inner = own.in('first')
      inner.burn(12)
      const fired = inner.wait()
      setTimeout(function second() {
        fired()
        inner.in('second').burn(15)
        resolve()
      }, 40)
    }, 30)
  })
  resumed()
  own.burn(10)
  return c.text('done')
}

async function interval(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'interval')
  const resumed = own.wait()
  await new Promise<void>((resolve) => {
    let count = 0
    const timer = setInterval(function tick() {
      own.in('tick').burn(8)
      if (++count === 5) {
        clearInterval(timer)
        resolve()
      }
    }, 25)
  })
  resumed()
  return c.text('done')
}

async function queues(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'queues')
  await new Promise<void>((resolve) => {
    process.nextTick(function onTick() {
      own.in('onTick').burn(12)
      queueMicrotask(function onMicrotask() {
        const inner = own.in('onTick').in('onMicrotask')
        inner.burn(14)
        const resumed = inner.wait()
        setImmediate(function onImmediate() {
          resumed()
          inner.in('onImmediate').burn(16)
          resolve()
        })
      })
    })
  })
  own.burn(10)
  return c.text('done')
}

async function emitter(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'emitter')
  const events = new EventEmitter()
  events.on('row', function onRow(tick: Scope) {
    tick.in('onRow').burn(10)
  })
  const resumed = own.wait()
  setTimeout(function emitAll() {
    resumed()
    const tick = own.in('emitAll')
    tick.burn(8)
    events.emit('row', tick)
    events.emit('row', tick)
    events.emit('end')
  }, 40)
  await once(events, 'end')
  own.burn(12)
  return c.text('done')
}

/** The source waits for each row, the sink burns. */
async function streams(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'streams')
  const sink = new Writable({
    objectMode: true,
    write(row: number, _encoding, callback) {
      own.in('write').burn(10 + row)
      callback()
    },
  })
  await pipeline(Readable.from(source(own)), sink)
  own.burn(10)
  return c.text('done')
}

async function* source(scope: Scope): AsyncGenerator<number> {
  const own = scope.in('source')
  for (let i = 0; i < 3; i++) {
    const resumed = own.wait()
    await sleep(40)
    resumed()
    own.burn(6)
    yield i
  }
}

async function transforming(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'transforming')
  const doubling = new Transform({
    objectMode: true,
    transform(row: number, _encoding, callback) {
      own.in('feed').in('transform').burn(12)
      callback(null, row * 2)
    },
  })
  setTimeout(function feed() {
    own.in('feed').burn(8)
    doubling.end(1)
  }, 30)
  const resumed = own.wait()
  for await (const row of doubling) {
    own.burn(5 * Number(row))
  }
  resumed()
  return c.text('done')
}

const readLater = (ms: number, callback: (error: Error | null, value: number) => void): void => {
  setTimeout(() => {
    callback(null, ms)
  }, ms)
}

async function promisified(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'promisified')
  const resumed = own.wait()
  await promisify(readLater)(50)
  await delay(40)
  resumed()
  own.burn(20)
  return c.text('done')
}

/** One load for all requests: its timer belongs to none of them, the wait to those who await it. */
async function sharedLoad(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'sharedLoad')
  const resumed = own.wait()
  await nextHeartbeat()
  resumed()
  own.burn(20)
  await awaitHeartbeat(own)
  return c.text('done')
}

async function awaitHeartbeat(scope: Scope): Promise<void> {
  const own = scope.in('awaitHeartbeat')
  const resumed = own.wait()
  await nextHeartbeat()
  resumed()
  own.burn(15)
}

const heartbeat = new EventEmitter()
let beat: Promise<unknown> | undefined

/** Starts the clock that `sharedLoad` waits for; it beats for every 70 ms. */
export function startHeartbeat(): void {
  setInterval(() => heartbeat.emit('beat'), 70)
  beat = once(heartbeat, 'beat')
  heartbeat.on('beat', () => {
    beat = once(heartbeat, 'beat')
  })
}

async function nextHeartbeat(): Promise<void> {
  await beat
}

/** A queue that lets one in at a time: who waits goes on in the run of the one who leaves. */
async function mutex(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'mutex')
  let last = Promise.resolve()
  const locked = async (work: () => Promise<void>): Promise<void> => {
    const before = last
    const { promise, resolve } = deferred()
    last = promise
    await before
    await work()
    resolve()
  }
  await Promise.all([
    locked(async function readFirst() {
      await step(own.in('readFirst'), 30, 10)
    }),
    locked(async function readSecond() {
      await step(own.in('readSecond'), 40, 12)
    }),
  ])
  return c.text('done')
}

async function step(scope: Scope, waitMs: number, burnMs: number): Promise<void> {
  const own = scope.in('step')
  const resumed = own.wait()
  await sleep(waitMs)
  resumed()
  own.burn(burnMs)
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((resolved) => {
    resolve = resolved
  })
  return { promise, resolve }
}

export const callbacks: Workload[] = [
  { name: 'timers in timers', handlers: [timers] },
  { name: 'setInterval', handlers: [interval] },
  { name: 'nextTick, queueMicrotask and setImmediate', handlers: [queues] },
  { name: 'an event emitter', handlers: [emitter] },
  { name: 'a stream from an async generator', handlers: [streams] },
  { name: 'a transform stream', handlers: [transforming] },
  { name: 'promisified callbacks', handlers: [promisified] },
  { name: 'a load shared between requests', handlers: [sharedLoad] },
  { name: 'a mutex', handlers: [mutex] },
]
