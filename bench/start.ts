/** How long a recording takes to start when the heap is large: 5 million objects, 320 MB. */
import { Hono } from 'hono'
import type { ProfilerOptions } from 'hono-profiler'
import { memoryStore, profile, profiler } from 'hono-profiler'
import type { Row } from './measure.ts'
import { formatted, longestBlock, median, runtime, timed } from './measure.ts'
import type { BareSampler } from './sampler.ts'
import { startSampler } from './sampler.ts'

const ROUNDS = 3

const heap: { id: number; next: object | undefined }[] = []

/** How long the runtime's own sampler takes to start. */
async function samplerMs(): Promise<number> {
  let sampler: BareSampler | undefined
  const ms = await timed(async () => {
    sampler = await startSampler(1000)
  })
  await sampler!.stop()
  return ms
}

const store = memoryStore()
const lastMeta = async () => (await store.load((await store.list()).at(-1)!))!.meta

/** The time that its start is told to take, and by how much the request's own time is longer than it was. */
async function starts(
  appOf: (round: number) => Hono
): Promise<{ told: number[]; block: number[]; duration: number[] }> {
  const [told, block, duration]: number[][] = [[], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    const app = appOf(round)
    block!.push(await longestBlock(async () => app.request('/?profile=json&term=1')))
    const meta = await lastMeta()
    told!.push(meta.overhead.start)
    duration!.push(meta.duration)
  }
  return { told: told!, block: block!, duration: duration! }
}

function appWith(options: ProfilerOptions): Hono {
  const app = new Hono()
  app.use(profiler({ store, ...options }))
  app.get('/', (c) => c.text('own'))
  return app
}

/** Node and Deno can keep their sampler ready for good. */
async function warmStarts(): Promise<Row> {
  const app = appWith({ warm: true })
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const { told } = await starts(() => app)
  return {
    what: 'the same with `warm: true`',
    measured: formatted(median(told), ' ms'),
    beside: '',
    reach: '1 ms on Node 26',
  }
}

export async function* rows(): AsyncGenerator<Row> {
  for (let id = 0; id < 5_000_000; id++) {
    heap.push({ id, next: heap[id - 1] })
  }
  await profile(() => 1)
  // For ten seconds after a recording V8's sampler is ready for another, of the same interval.
  const { told, duration } = await starts((round) => appWith({ interval: 1 + round / 100 }))
  const alone: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await samplerMs())
  }
  yield {
    what: `starting with ${heap.length / 1e6} million objects`,
    measured: `${formatted(median(told), ' ms')} told as overhead, the request itself ${formatted(median(duration), ' ms')}`,
    beside: `the sampler alone ${formatted(median(alone), ' ms')}`,
    reach: 'excluded and told',
  }
  if (runtime === 'node' || runtime === 'deno') {
    yield await warmStarts()
  }
}
