import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

/** Functions that compute for long enough to be seen by any sampler. */
async function yearReport(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'yearReport')
  parseRows(own)
  await summarise(own)
  own.burn(150)
  return c.text('done')
}

function parseRows(scope: Scope): void {
  const own = scope.in('parseRows')
  own.burn(90)
  convertDates(own)
  own.burn(90)
}

function convertDates(scope: Scope): void {
  scope.in('convertDates').burn(160)
}

async function summarise(scope: Scope): Promise<void> {
  const own = scope.in('summarise')
  for (let i = 0; i < 5; i++) {
    const resumed = own.wait()
    await sleep(10)
    resumed()
    own.burn(40)
  }
}

/** Loops of their own, which V8 replaces on the stack: from the second request on, that code is there before the recording. */
async function priceList(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'priceList')
  const added = addUp(own)
  const resumed = own.wait()
  await sleep(10)
  resumed()
  return c.text(String(added + multiply(own)))
}

function addUp(scope: Scope): number {
  const done = scope.in('addUp').work()
  const end = performance.now() + 60
  let sum = 0
  for (let i = 0; i % 500 !== 0 || performance.now() < end; i++) {
    sum += Math.sqrt(i)
  }
  done()
  return sum
}

function multiply(scope: Scope): number {
  const done = scope.in('multiply').work()
  const end = performance.now() + 40
  let product = 1
  for (let i = 1; i % 500 !== 0 || performance.now() < end; i++) {
    product = (product * Math.sqrt(i)) % 1000
  }
  done()
  return product
}

export const LONG_COMPUTATIONS = 'long computations'

export const computing: Workload[] = [
  { name: LONG_COMPUTATIONS, handlers: [yearReport] },
  { name: 'loops that ran before', handlers: [priceList], repetitions: 4 },
]
