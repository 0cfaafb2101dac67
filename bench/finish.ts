/** From the handler's end to the report, and for how long the event loop stands still meanwhile. */
import { Hono } from 'hono'
import { profiler } from 'hono-profiler'
import type { Row } from './measure.ts'
import { formatted, longestBlock, median } from './measure.ts'
import { startSampler } from './sampler.ts'

let endMs = 0

type Call = (digits: string, work: () => number) => number

/** Functions that call one another by the digits of a number, so that there are as many stacks as numbers. */
const calls: Call[] = [
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 0 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 1 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 2 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 3 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 4 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 5 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 6 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 7 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 8 : work()),
  (digits, work) => (digits ? calls[+digits[0]!]!(digits.slice(1), work) + 9 : work()),
]

function spin(ms: number): number {
  const untilMs = performance.now() + ms
  let sum = 0
  while (performance.now() < untilMs) {
    sum++
  }
  return sum
}

/** Runs on as many stacks as it takes for a sampler to see about that many nodes. */
function visit(stacks: number, ms: number): void {
  for (let i = 0; i < stacks; i++) {
    const digits = String(i).padStart(4, '0')
    calls[0]!(digits.repeat(8), () => spin(ms))
  }
}

const app = new Hono()
app.use(profiler({ interval: 0.2 }))
app.get('/:stacks/:ms', (c) => {
  visit(Number(c.req.param('stacks')), Number(c.req.param('ms')))
  endMs = performance.now()
  return c.text('own')
})

/** The sampler's own part: ending it and giving the profile. */
async function samplerMs(stacks: number, ms: number): Promise<{ nodes: number; ms: number }> {
  const sampler = await startSampler(200)
  visit(stacks, ms)
  const startMs = performance.now()
  const { nodes } = await sampler.stop()
  return { nodes: nodes.length, ms: performance.now() - startMs }
}

export async function* rows(): AsyncGenerator<Row> {
  const sizes = [
    { stacks: 8, ms: 2, rounds: 9, reach: '15 ms' },
    { stacks: 600, ms: 1, rounds: 3, reach: '20 ms without a turn of the loop' },
  ]
  // First of all, because Node's sampler goes on after a recording.
  const alone: { nodes: number; ms: number }[][] = []
  for (const { stacks, ms, rounds } of sizes) {
    const each = []
    for (let round = 0; round < rounds; round++) {
      each.push(await samplerMs(stacks, ms))
    }
    alone.push(each)
  }
  for (const [i, { stacks, ms, rounds, reach }] of sizes.entries()) {
    const times: number[] = []
    const blocks: number[] = []
    for (let round = 0; round < rounds; round++) {
      let answeredMs = 0
      endMs = Infinity
      const serve = async (): Promise<void> => {
        await (await app.request(`/${stacks}/${ms}?profile=json`)).text()
        answeredMs = performance.now()
      }
      blocks.push(await longestBlock(serve, () => endMs))
      times.push(answeredMs - endMs)
    }
    yield {
      what: `from the handler's end to the report, ${median(alone[i]!.map(({ nodes }) => nodes))} nodes`,
      measured: formatted(median(times), ' ms'),
      beside: `the sampler's part of it ${formatted(median(alone[i]!.map((each) => each.ms)), ' ms')}; longest without a turn of the loop ${formatted(median(blocks), ' ms')}`,
      reach,
    }
  }
}
