/**
 * How long a recording takes to start on other runtimes than Node, without and with 5 million objects:
 *
 *     deno run -A --no-check --no-lock --v8-flags=--max-old-space-size=4096 bench/starting.ts
 *     bun bench/starting.ts
 */
import type { ProfileOptions } from '../src/profiler.ts'
import { formatted, median } from './measure.ts'

const ROUNDS = 5
const OBJECTS = 5_000_000

const { profile } = await ('Deno' in globalThis
  ? import('../runtimes/deno/index.ts')
  : import('../runtimes/bun/index.ts'))

const startOf = async (options: ProfileOptions): Promise<number> =>
  (await profile(() => undefined, options)).session.meta.overhead.start

async function starts(optionsOf: (round: number) => ProfileOptions): Promise<string> {
  const ms: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ms.push(await startOf(optionsOf(round)))
  }
  return formatted(median(ms), ' ms')
}

/** Another interval each time starts the sampler anew. */
const cold = (round: number): ProfileOptions => ({ interval: round % 2 ? 1 : 0.9 })
const ready = (): ProfileOptions => ({ interval: 1 })

async function tellStarts(what: string): Promise<void> {
  await startOf(ready())
  const [coldMs, readyMs] = [await starts(cold), (await startOf(ready()), await starts(ready))]
  console.log(`${what}: ${coldMs} cold, ${readyMs} when it is ready`)
}

console.log(`the first: ${formatted(await startOf(ready()), ' ms')}`)
await tellStarts('a small heap')
const heap: { id: number; next: object | undefined }[] = []
for (let id = 0; id < OBJECTS; id++) {
  heap.push({ id, next: heap[id - 1] })
}
await tellStarts(`${heap.length / 1e6} million objects`)
