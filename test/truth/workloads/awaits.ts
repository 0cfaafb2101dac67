import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

async function nestedAwaits(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'nestedAwaits')
  own.burn(12)
  await outer(own)
  await inner(own, 30, 20)
  own.burn(8)
  return c.text('done')
}

async function outer(scope: Scope): Promise<void> {
  const own = scope.in('outer')
  await inner(own, 60, 20)
  own.burn(15)
  const resumed = own.wait()
  await sleep(25)
  resumed()
}

async function inner(scope: Scope, waitMs: number, burnMs: number): Promise<void> {
  const own = scope.in('inner')
  const resumed = own.wait()
  await sleep(waitMs)
  resumed()
  own.burn(burnMs)
}

async function sequentialLoop(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'sequentialLoop')
  for (let i = 0; i < 8; i++) {
    await loadItem(own, 15)
    compute(own, 10)
  }
  return c.text('done')
}

async function loadItem(scope: Scope, ms: number): Promise<void> {
  const own = scope.in('loadItem')
  // Where timers take the runtime long to start, that is no wait.
  const pending = own.start(() => sleep(ms))
  const resumed = own.wait()
  await pending
  resumed()
}

function compute(scope: Scope, ms: number): void {
  scope.in('compute').burn(ms)
}

/** Bursts far shorter than the sampling interval, each in a run of its own. */
async function shortRuns(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'shortRuns')
  for (let i = 0; i < 60; i++) {
    const turn = new Promise((resolve) => setImmediate(resolve))
    const resumed = own.wait()
    await turn
    resumed()
    compute(own, 0.2 + (i % 4) * 0.3)
  }
  return c.text('done')
}

/** Runs that two functions share. */
async function sharedRuns(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'sharedRuns')
  for (let i = 0; i < 25; i++) {
    await loadItem(own, 3)
    compute(own, 3 + (i % 7) * 0.4)
    render(own, 3 + (i % 5) * 0.4)
  }
  return c.text('done')
}

function render(scope: Scope, ms: number): void {
  scope.in('render').burn(ms)
}

/** A call that is under way before it is awaited. */
async function startedEarly(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'startedEarly')
  const early = inner(own, 70, 20)
  own.burn(10)
  const resumed = own.wait()
  await sleep(40)
  resumed()
  compute(own, 15)
  await early
  own.burn(10)
  return c.text('done')
}

async function recursion(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'recursion')
  await descend(own, 3)
  return c.text('done')
}

async function descend(scope: Scope, depth: number): Promise<void> {
  const own = scope.in('descend')
  own.burn(10)
  if (depth > 0) {
    await descend(own, depth - 1)
  }
  const resumed = own.wait()
  await sleep(30)
  resumed()
  own.burn(10)
}

/** Awaits of what is there already take no time, however many there are. */
async function settledAwaits(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'settledAwaits')
  for (let i = 0; i < 500; i++) {
    // eslint-disable-next-line @typescript-eslint/await-thenable -- A plain value takes a turn as well.
    await undefined
  }
  compute(own, 30)
  await Promise.resolve()
  own.burn(30)
  return c.text('done')
}

export const awaits: Workload[] = [
  { name: 'nested awaits', handlers: [nestedAwaits] },
  { name: 'a sequential loop', handlers: [sequentialLoop] },
  { name: 'runs shorter than the sampling interval', handlers: [shortRuns], repetitions: 3 },
  // Where one function hands over to the other, samples are off by up to half an interval.
  { name: 'short runs that two functions share', handlers: [sharedRuns], repetitions: 6 },
  { name: 'a call started before it is awaited', handlers: [startedEarly] },
  { name: 'recursion', handlers: [recursion] },
  { name: 'awaits of settled promises', handlers: [settledAwaits] },
]
