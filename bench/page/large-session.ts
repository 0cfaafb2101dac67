import type { FunctionRecord, SessionData } from '../../src/session/records.ts'
import { SESSION_FORMAT, SESSION_VERSION, STATES } from '../../src/session/records.ts'

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const MAX_DEPTH = 60

/**
 * A session as a long batch request makes one: samples wander through the call tree, stay where they are half
 * of the time, and last what a timer of 100 µs makes of it.
 */
export function largeSession(samples: number, stacks: number): SessionData {
  const random = randomOf(7)
  const below = (count: number): number => Math.floor(random() * count)
  const functions = Array.from({ length: Math.ceil(stacks / 6) }, (_, i) => functionOf(i, below(5)))
  const depths: number[] = []
  const children: number[][] = Array.from({ length: stacks }, () => [])
  const table: SessionData['stacks'] = { parent: [], function: [], line: [] }
  for (let entry = 0; entry < stacks; entry++) {
    let parent = entry === 0 ? -1 : Math.max(below(entry), below(entry))
    while (parent >= 0 && depths[parent]! >= MAX_DEPTH) {
      parent = table.parent[parent]!
    }
    children[parent]?.push(entry)
    depths.push((depths[parent] ?? -1) + 1)
    table.parent.push(parent)
    table.function.push(below(functions.length))
    table.line.push(1 + below(400))
  }
  const columns: SessionData['samples'] = { stack: [], durationUs: [], state: [] }
  const totalsUs = STATES.map(() => 0)
  for (let i = 0, at = 0; i < samples; i++) {
    for (let moves = random() < 0.5 ? 0 : 1 + below(4); moves > 0; moves--) {
      const calls = children[at]!
      at =
        calls.length > 0 && random() < 0.55
          ? calls[below(calls.length)]!
          : Math.max(0, table.parent[at]!)
    }
    const state = random() < 0.01 ? 1 : random() < 0.02 ? 2 : 0
    const durationUs = state === 2 ? below(5000) : 85 + below(15) + below(15)
    columns.stack.push(at)
    columns.durationUs.push(durationUs)
    columns.state.push(state)
    totalsUs[state]! += durationUs
  }
  const [cpu, gc, waiting, blocked] = totalsUs.map((us) => us / 1000) as [
    number,
    number,
    number,
    number,
  ]
  return {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    meta: {
      description: 'POST /batch',
      runtime: 'node',
      runtimeVersion: '24.0.0',
      startTime: 1_700_000_000_000,
      duration: totalsUs.reduce((sum, us) => sum + us) / 1000,
      interval: 0.1,
      sampleCount: samples,
      totals: { cpu, gc, await: waiting, blocked },
      fidelity: { cpu: 'sampled', waits: 'tracked' },
      overhead: { start: 1, excluded: 1, stop: 1 },
      notes: [],
      runs: 1,
    },
    functions,
    stacks: table,
    samples: columns,
    blockers: { stack: [], startUs: [], durationUs: [] },
    waits: [],
    spans: [],
  }
}

function functionOf(i: number, kind: number): FunctionRecord {
  const line = 1 + ((i * 37) % 900)
  if (kind > 1) {
    const file = `src/features/area${i % 40}/module${i % 400}.ts`
    return {
      name: `handle${i}`,
      file: `/srv/app/${file}`,
      fileShort: file,
      line,
      column: 3,
      origin: 'app',
    }
  }
  const owner = `package-${i % 60}`
  const fileShort = `${owner}/dist/chunk-${i % 300}.js`
  return {
    name: `process${i}`,
    file: `/srv/app/node_modules/${fileShort}`,
    fileShort,
    line,
    column: 17,
    origin: 'library',
    package: owner,
  }
}
