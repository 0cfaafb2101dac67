import type { Context } from 'hono'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

/** Not a single async function: every step is a callback. */
function thenChain(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'thenChain')
  return readRow(own, 40)
    .then(function parse() {
      own.in('parse').burn(15)
      return readRow(own.in('parse'), 30)
    })
    .then(function render() {
      own.in('render').burn(20)
      return c.text('done')
    })
}

/** Waits without awaiting: the ledger is told by the timer. */
function readRow(scope: Scope, ms: number): Promise<void> {
  const own = scope.in('readRow')
  const resumed = own.wait()
  return new Promise((resolve) => {
    setTimeout(function onTimer() {
      resumed()
      own.in('onTimer').burn(10)
      resolve()
    }, ms)
  })
}

function catchAndFinally(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'catchAndFinally')
  return readRow(own, 30)
    .then(function reject() {
      own.in('reject').burn(12)
      throw new Error('expected')
    })
    .catch(function recover() {
      own.in('recover').burn(14)
      return readRow(own.in('recover'), 20)
    })
    .finally(function cleanUp() {
      own.in('cleanUp').burn(16)
      return readRow(own.in('cleanUp'), 25)
    })
    .then(() => c.text('done'))
}

/** Async functions and chains, mixed. */
async function mixedChain(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'mixedChain')
  await loadRow(own).then(function transform() {
    const inner = own.in('transform')
    inner.burn(12)
    return loadRow(inner)
  })
  own.burn(10)
  return c.text('done')
}

async function loadRow(scope: Scope): Promise<void> {
  const own = scope.in('loadRow')
  const resumed = own.wait()
  await sleep(40)
  resumed()
  own.burn(10)
}

/** A foreign implementation of promises, as old drivers and query builders have. */
async function thenable(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'thenable')
  await {
    then(resolve: (value: string) => void): void {
      const inner = own.in('then')
      inner.burn(10)
      const resumed = inner.wait()
      setTimeout(function deliver() {
        resumed()
        inner.in('deliver').burn(15)
        resolve('delivered')
      }, 50)
    },
  }
  own.burn(12)
  return c.text('done')
}

export const thenChains: Workload[] = [
  { name: 'a chain of then without async functions', handlers: [thenChain] },
  { name: 'then, catch and finally', handlers: [catchAndFinally] },
  { name: 'then on async functions', handlers: [mixedChain] },
  { name: 'a thenable', handlers: [thenable] },
]
