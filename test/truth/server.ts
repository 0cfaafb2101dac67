/** The process whose recordings are compared with the truth. It prints its port and serves until it is ended. */
import { serve } from '@hono/node-server'
import type { Context, Next } from 'hono'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { profiler } from 'hono-profiler'
import type { V8Profile } from '../../src/normalize/v8-profile.ts'
import { burn } from './burn.ts'
import type { Scope } from './ledger.ts'
import { Ledger } from './ledger.ts'
import { longestGap, watchSampling } from './sampling-gaps.ts'
import { startStrangers } from './strangers.ts'
import { startWitness } from './witness.ts'
import type { Env } from './workload.ts'
import { enter } from './workload.ts'
import { startHeartbeat } from './workloads/callbacks.ts'
import { workloads } from './workloads/index.ts'

watchSampling()

const app = new Hono<Env>()
const ledgers = new Map<string, Ledger>()

app.use(profiler())

async function measured(c: Context<Env>, next: Next): Promise<void> {
  const ledger = new Ledger()
  ledgers.set(c.req.query('id') ?? '', ledger)
  c.set('scope', ledger.root)
  ledger.start()
  await next()
  ledger.stop()
}

app.use('/workloads/*', measured)
workloads.forEach(({ handlers }, i) => app.on('GET', [`/workloads/${i}`], ...handlers))

const programs = new Map<string, { main: (scope: Scope) => Promise<unknown> }>()

app.use('/programs/*', measured)
app.get('/programs/:name', async function program(c) {
  const name = c.req.param('name')
  let module = programs.get(name)
  if (!module) {
    module = (await import(new URL(`programs/${name}.js`, import.meta.url).href)) as {
      main: (scope: Scope) => Promise<unknown>
    }
    programs.set(name, module)
  }
  await module.main(enter(c, 'program'))
  return c.text('done')
})

app.get('/truth', (c) => {
  const id = c.req.query('id') ?? ''
  const ledger = ledgers.get(id)!
  ledgers.delete(id)
  return c.json({ ...ledger.truth(), disturbance: longestGap(ledger.busy()) })
})

app.get('/burn', function burnForOthers(c) {
  burn(5)
  return c.text('burned')
})

app.onError((error, c) => c.text(error.message, 500))

let stopWitness: (() => Promise<V8Profile>) | undefined

app.get('/witness/start', async (c) => {
  stopWitness = await startWitness()
  return c.json('started')
})

app.get('/witness/stop', async (c) => c.json(await stopWitness!()))

startStrangers()
startHeartbeat()

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => {
  console.log((server.address() as AddressInfo).port)
})
