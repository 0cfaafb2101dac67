import type { Context, Next } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

async function session(c: Context<Env>, next: Next): Promise<void> {
  const own = enter(c, 'session')
  own.burn(10)
  const resumed = own.wait()
  await sleep(30)
  resumed()
  await next()
  own.burn(14)
  await store(own)
}

async function store(scope: Scope): Promise<void> {
  const own = scope.in('store')
  const resumed = own.wait()
  await sleep(20)
  resumed()
  own.burn(8)
}

async function audit(c: Context<Env>, next: Next): Promise<void> {
  const own = enter(c, 'audit')
  await next()
  const resumed = own.wait()
  await sleep(25)
  resumed()
  own.burn(18)
}

/** Not async itself: it hands on what `next` gives. */
function passThrough(c: Context<Env>, next: Next): Promise<void> {
  enter(c, 'passThrough').burn(12)
  return next()
}

async function shown(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'shown')
  own.burn(10)
  const resumed = own.wait()
  await sleep(40)
  resumed()
  own.burn(10)
  return c.text('done')
}

async function throwing(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'throwing')
  const resumed = own.wait()
  await sleep(40)
  resumed()
  own.burn(15)
  throw new Error('expected')
}

function throwingAtOnce(c: Context<Env>): Promise<Response> {
  enter(c, 'throwingAtOnce').burn(20)
  throw new Error('expected')
}

async function leavingWork(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'leavingWork')
  const left = own.branch()
  left.abandon()
  void background(left)
  own.burn(10)
  const resumed = own.wait()
  await sleep(60)
  resumed()
  own.burn(10)
  return c.text('done')
}

/** Wakes up once while the request still waits, and goes on long after its response. */
async function background(scope: Scope): Promise<void> {
  const own = scope.in('background')
  const resumed = own.wait()
  await sleep(30)
  resumed()
  own.burn(12)
  await sleep(80)
  own.burn(20)
}

export const middleware: Workload[] = [
  { name: 'middleware before and after next', handlers: [session, audit, shown] },
  { name: 'middleware that is not async', handlers: [passThrough, audit, passThrough, shown] },
  { name: 'a handler that throws', handlers: [session, throwing], error: 'Error: expected' },
  {
    name: 'a handler that throws synchronously',
    handlers: [audit, throwingAtOnce],
    error: 'Error: expected',
  },
  { name: 'work left running', handlers: [session, leavingWork] },
]
