import { Hono } from 'hono'
import { profiler } from 'hono-profiler'

interface Bindings {
  VISITS: {
    get(key: string): Promise<string | null>
    put(key: string, value: string): Promise<void>
  }
}

const app = new Hono<{ Bindings: Bindings }>()

app.use(profiler())

async function countVisit({ VISITS }: Bindings): Promise<number> {
  const count = Number(await VISITS.get('count')) + 1
  await VISITS.put('count', String(count))
  return count
}

function primesBelow(limit: number): number[] {
  const primes: number[] = []
  for (let n = 2; n < limit; n++) {
    if (primes.every((prime) => n % prime > 0)) {
      primes.push(n)
    }
  }
  return primes
}

app.get('/', async (c) => {
  const count = await countVisit(c.env)
  return c.text(`Visit ${count}. There are ${primesBelow(20_000).length} primes below 20 000.\n`)
})

export default app
