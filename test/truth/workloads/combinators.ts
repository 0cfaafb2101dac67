import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

async function work(scope: Scope, waitMs: number, burnMs: number): Promise<void> {
  const own = scope.in('work')
  const resumed = own.wait()
  await sleep(waitMs)
  resumed()
  own.burn(burnMs)
}

async function loadUser(scope: Scope): Promise<void> {
  await work(scope.in('loadUser'), 50, 15)
}

async function loadOrders(scope: Scope): Promise<void> {
  const own = scope.in('loadOrders')
  await work(own, 90, 10)
  const resumed = own.wait()
  await sleep(30)
  resumed()
}

async function fail(scope: Scope): Promise<void> {
  const own = scope.in('fail')
  await work(own, 30, 10)
  throw new Error('expected')
}

async function all(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'all')
  // eslint-disable-next-line @typescript-eslint/await-thenable -- What is there already, as in real code.
  await Promise.all([loadUser(own), loadOrders(own), 'a plain value'])
  own.burn(10)
  return c.text('done')
}

async function nestedAll(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'nestedAll')
  await Promise.all([page(own), loadOrders(own)])
  return c.text('done')
}

async function page(scope: Scope): Promise<void> {
  const own = scope.in('page')
  await Promise.all([loadUser(own), work(own, 70, 12)])
  own.burn(8)
}

/** A combinator awaited for plain promises: the wait is the line's own. */
async function allOfTimers(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'allOfTimers')
  const resumed = own.wait()
  await Promise.all([sleep(40), sleep(80)])
  resumed()
  own.burn(20)
  return c.text('done')
}

async function allSettled(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'allSettled')
  await Promise.allSettled([fail(own), loadUser(own), loadOrders(own)])
  own.burn(10)
  return c.text('done')
}

async function race(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'race')
  const loser = own.branch()
  await Promise.race([loadUser(own), loadOrders(loser)])
  loser.abandon()
  own.burn(10)
  await work(own, 120, 10)
  return c.text('done')
}

async function any(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'any')
  const losers = own.branch()
  await Promise.any([fail(losers), loadUser(own), loadOrders(losers)])
  losers.abandon()
  await work(own, 120, 10)
  return c.text('done')
}

/** The first rejection ends the wait; what the other members do after it delays nobody. */
async function rejectedAll(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'rejectedAll')
  const others = own.branch()
  try {
    await Promise.all([loadUser(others), fail(own), loadOrders(others)])
  } catch {
    others.abandon()
    own.burn(10)
  }
  await work(own, 150, 10)
  return c.text('done')
}

async function raceWithTimeout(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'raceWithTimeout')
  const loser = own.branch()
  await Promise.race([loadUser(own), timeout(loser, 100)])
  loser.abandon()
  await loadOrders(own)
  return c.text('done')
}

async function timeout(scope: Scope, ms: number): Promise<never> {
  const own = scope.in('timeout')
  const resumed = own.wait()
  await sleep(ms)
  resumed()
  throw new Error('timed out')
}

async function loopOfAlls(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'loopOfAlls')
  for (let i = 0; i < 3; i++) {
    await Promise.all([1, 2, 3].map((factor) => work(own, 20 * factor, 6)))
  }
  return c.text('done')
}

export const combinators: Workload[] = [
  { name: 'Promise.all', handlers: [all] },
  { name: 'nested Promise.all', handlers: [nestedAll] },
  { name: 'Promise.all of timers', handlers: [allOfTimers] },
  { name: 'Promise.allSettled', handlers: [allSettled] },
  { name: 'Promise.race', handlers: [race] },
  { name: 'Promise.race with a timeout that loses', handlers: [raceWithTimeout] },
  { name: 'Promise.any', handlers: [any] },
  { name: 'Promise.all that rejects', handlers: [rejectedAll] },
  { name: 'a loop of Promise.all', handlers: [loopOfAlls] },
]
