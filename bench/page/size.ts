import { largeSession } from './large-session.ts'
import { pack } from '../../src/session/packed/pack.ts'
import { condense } from '../../src/session/packed/condense.ts'
const data = largeSession(1_000_000, 25_000)
for (const c of ['stack', 'durationUs', 'state'] as const)
  console.log(c, pack(data.samples[c]).data.length)
for (let w of [0, 1000, 10_000, 100_000, 1_000_000, 10_000_000]) {
  const t0 = performance.now()
  const d = w ? condense(data, w) : data
  const p = pack(d)
  const t1 = performance.now()
  const json = JSON.stringify(p)
  console.log(
    w,
    'ms',
    t1 - t0,
    'samples',
    d.samples.stack.length,
    'json',
    json.length,
    'data',
    p.data.length
  )
}
