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

export const LONG_COMPUTATIONS = 'long computations'

export const computing: Workload[] = [{ name: LONG_COMPUTATIONS, handlers: [yearReport] }]
