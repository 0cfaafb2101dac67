import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

async function forAwait(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'forAwait')
  for await (const row of rows(own, 4)) {
    own.burn(8 + row)
  }
  return c.text('done')
}

async function* rows(scope: Scope, count: number): AsyncGenerator<number> {
  const own = scope.in('rows')
  for (let i = 0; i < count; i++) {
    const resumed = own.wait()
    await sleep(25)
    resumed()
    own.burn(10)
    yield i
  }
}

/** Generators in generators: each step goes through all of them. */
async function pipeline(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'pipeline')
  for await (const row of mapped(own)) {
    own.burn(5 + row)
  }
  return c.text('done')
}

async function* mapped(scope: Scope): AsyncGenerator<number> {
  const own = scope.in('mapped')
  for await (const row of rows(own, 4)) {
    own.burn(12)
    yield row
  }
}

async function delegating(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'delegating')
  for await (const row of both(own)) {
    own.burn(5 + row)
  }
  return c.text('done')
}

async function* both(scope: Scope): AsyncGenerator<number> {
  const own = scope.in('both')
  yield* rows(own, 2)
  yield* rows(own, 2)
}

/** Leaving the loop runs the generator's `finally`. */
async function leftEarly(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'leftEarly')
  for await (const row of guarded(own)) {
    own.burn(10)
    if (row === 1) {
      break
    }
  }
  own.burn(10)
  return c.text('done')
}

async function* guarded(scope: Scope): AsyncGenerator<number> {
  const own = scope.in('guarded')
  try {
    for (let i = 0; ; i++) {
      const resumed = own.wait()
      await sleep(30)
      resumed()
      yield i
    }
  } finally {
    const resumed = own.wait()
    await sleep(40)
    resumed()
    own.burn(15)
  }
}

/** `for await` over promises that are all under way. */
async function forAwaitOfPromises(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'forAwaitOfPromises')
  // eslint-disable-next-line @typescript-eslint/await-thenable -- It awaits each member, which is the point.
  for await (const ms of [load(own, 40), load(own, 80)]) {
    own.burn(ms / 5)
  }
  return c.text('done')
}

async function load(scope: Scope, ms: number): Promise<number> {
  const own = scope.in('load')
  const resumed = own.wait()
  await sleep(ms)
  resumed()
  own.burn(12)
  return ms
}

async function syncGenerator(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'syncGenerator')
  for (const ms of durations(own)) {
    own.burn(10)
    const resumed = own.wait()
    await sleep(ms)
    resumed()
  }
  return c.text('done')
}

function* durations(scope: Scope): Generator<number> {
  const own = scope.in('durations')
  for (const ms of [20, 30, 40]) {
    own.burn(12)
    yield ms
  }
}

export const generators: Workload[] = [
  { name: 'for await over an async generator', handlers: [forAwait] },
  { name: 'async generators in a row', handlers: [pipeline] },
  { name: 'yield* in an async generator', handlers: [delegating] },
  { name: 'an async generator left early', handlers: [leftEarly] },
  { name: 'for await over promises', handlers: [forAwaitOfPromises] },
  { name: 'a generator', handlers: [syncGenerator] },
]
