/** How long a recording takes to start when the heap is large: 5 million objects, 320 MB. */
import { Hono } from 'hono'
import { Session } from 'node:inspector'
import { memoryStore, profile, profiler } from 'hono-profiler'
import { formatted, longestBlock, median, tell } from './measure.ts'

const ROUNDS = 3

const heap: { id: number; next: object | undefined }[] = []
for (let id = 0; id < 5_000_000; id++) {
  heap.push({ id, next: heap[id - 1] })
}

function inspectorMs(): number {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  const startMs = performance.now()
  session.post('Profiler.start')
  const ms = performance.now() - startMs
  session.post('Profiler.stop')
  session.disconnect()
  return ms
}

const store = memoryStore()
const lastMeta = async () => (await store.load((await store.list()).at(-1)!))!.meta

/** The time that its start is told to take, and by how much the request's own time is longer than it was. */
async function starts(app: Hono): Promise<{ told: number[]; block: number[]; duration: number[] }> {
  const [told, block, duration]: number[][] = [[], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    block!.push(await longestBlock(async () => app.request('/?profile=json&term=1')))
    const meta = await lastMeta()
    told!.push(meta.overhead.start)
    duration!.push(meta.duration)
  }
  return { told: told!, block: block!, duration: duration! }
}

function appWith(warm: boolean): Hono {
  const app = new Hono()
  app.use(profiler({ store, warm }))
  app.get('/', (c) => c.text('own'))
  return app
}

await profile(() => 1)
const cold = await starts(appWith(false))
const alone = Array.from({ length: ROUNDS }, inspectorMs)
const warmApp = appWith(true)
await new Promise((resolve) => setTimeout(resolve, 2000))
const warm = await starts(warmApp)
tell({
  what: `starting with ${heap.length / 1e6} million objects`,
  measured: `${formatted(median(cold.told), ' ms')} told as overhead, the request itself ${formatted(median(cold.duration), ' ms')}`,
  beside: `V8's sampler alone ${formatted(median(alone), ' ms')}`,
  reach: 'excluded and told',
})
tell({
  what: 'the same with `warm: true`',
  measured: formatted(median(warm.told), ' ms'),
  beside: '',
  reach: '1 ms on Node 26',
})
process.exit()
