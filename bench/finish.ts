/** From the handler's end to the report, and for how long the event loop stands still meanwhile. */
import { Hono } from 'hono'
import { Session } from 'node:inspector'
import { profiler } from 'hono-profiler'
import { formatted, longestBlock, median, tell } from './measure.ts'

let endMs = 0

/** Functions that call one another by the digits of a number, so that there are as many stacks as numbers. */
const calls = Array.from(
  { length: 10 },
  (_, i) =>
    new Function(
      'calls',
      'digits',
      'work',
      `if (digits === '') { return work() } return calls[digits[0]](calls, digits.slice(1), work) + ${i}`
    ) as (calls: unknown, digits: string, work: () => number) => number
)

function spin(ms: number): number {
  const untilMs = performance.now() + ms
  let sum = 0
  while (performance.now() < untilMs) {
    sum++
  }
  return sum
}

/** Runs on as many stacks as it takes for V8 to see about that many nodes. */
function visit(stacks: number, ms: number): void {
  for (let i = 0; i < stacks; i++) {
    const digits = String(i).padStart(4, '0')
    calls[Number(digits[0])]!(calls, digits.repeat(8), () => spin(ms))
  }
}

const app = new Hono()
app.use(profiler({ interval: 0.2 }))
app.get('/:stacks/:ms', (c) => {
  visit(Number(c.req.param('stacks')), Number(c.req.param('ms')))
  endMs = performance.now()
  return c.text('own')
})

/** V8's own part: ending the sampler and giving the profile. */
function inspectorMs(stacks: number, ms: number): { nodes: number; ms: number } {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 200 })
  session.post('Profiler.start')
  visit(stacks, ms)
  const startMs = performance.now()
  let nodes = 0
  session.post('Profiler.stop', (_error, { profile }) => {
    nodes = profile.nodes.length
  })
  session.disconnect()
  return { nodes, ms: performance.now() - startMs }
}

for (const [stacks, ms, rounds, reach] of [
  [12, 2, 9, '15 ms'],
  [900, 1, 3, '20 ms without a turn of the loop'],
] as const) {
  const times: number[] = []
  const blocks: number[] = []
  const alone = Array.from({ length: rounds }, () => inspectorMs(stacks, ms))
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
  tell({
    what: `from the handler's end to the report, ${median(alone.map(({ nodes }) => nodes))} nodes`,
    measured: formatted(median(times), ' ms'),
    beside: `V8's part of it ${formatted(median(alone.map((each) => each.ms)), ' ms')}; longest without a turn of the loop ${formatted(median(blocks), ' ms')}`,
    reach,
  })
}
