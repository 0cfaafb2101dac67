/**
 * Runs the benchmarks on the built package, each by itself, and prints a table. With `--write` it takes the place of
 * the one in `docs/performance.md`.
 *
 *     npm run bench [-- NAME ... RUNTIME ... --write]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Row } from './measure.ts'
import type { BenchmarkRuntime } from './runtimes.ts'
import { runtimes } from './runtimes.ts'

type RuntimeName = keyof typeof runtimes

const NODES = ['Node 20', 'Node 24', 'Node 26'] as const
const OTHERS = ['Bun', 'Deno', 'workerd'] as const

/** The benchmarks, and where each of them applies. */
const BENCHMARKS: Record<string, readonly RuntimeName[]> = {
  idle: [...NODES, ...OTHERS],
  beside: [...NODES, ...OTHERS],
  cpu: ['Node 24', 'Node 26', ...OTHERS],
  awaits: [...NODES, ...OTHERS],
  start: [...NODES, ...OTHERS],
  finish: [...NODES, ...OTHERS],
  cold: ['Node 20', 'Node 24', ...OTHERS],
  growth: ['Node 24', ...OTHERS],
  large: ['Node 24'],
  source: ['Node 24'],
  page: ['Node 24'],
}

const doc = 'docs/performance.md'
const asked = process.argv.slice(2).filter((each) => each !== '--write')
const isRuntime = (name: string): name is RuntimeName => Object.hasOwn(runtimes, name)
const askedRuntimes = asked.filter(isRuntime)
const askedNames = asked.filter((each) => !isRuntime(each))
const names = askedNames.length > 0 ? askedNames : Object.keys(BENCHMARKS)

async function rowsOf(name: string, runtimeName: RuntimeName): Promise<Row[]> {
  const runtime: BenchmarkRuntime = runtimes[runtimeName]
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'test' }
  let host = runtime
  if (name === 'cold') {
    // It starts processes of the runtime that it measures.
    host = runtimes['Node 24']
    env.BENCH_ENTRY = runtime.entry
    env.BENCH_EVALUATE = JSON.stringify(await runtime.evaluate?.())
  }
  const output = await host.run(name, env)
  const rows = [...output.matchAll(/^ROW (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Row)
  if (rows.length === 0 || /^ERROR /m.test(output)) {
    throw new Error(`${name} measured nothing on ${runtimeName}: ${output}`)
  }
  return rows
}

const table = [
  '| what | on | measured | beside, in the same run | reach | `npm run` |',
  '| --- | --- | --- | --- | --- | --- |',
]
console.log(table.join('\n'))
for (const name of names) {
  const where = BENCHMARKS[name]
  if (!where) {
    throw new Error(`there is no benchmark '${name}'; there are ${Object.keys(BENCHMARKS).join()}`)
  }
  for (const runtime of where) {
    if (askedRuntimes.length > 0 && !askedRuntimes.includes(runtime)) {
      continue
    }
    for (const { what, measured, beside, reach } of await rowsOf(name, runtime)) {
      const line = `| ${what} | ${runtime} | ${measured} | ${beside || '—'} | ${reach || '—'} | \`bench:${name}\` |`
      console.log(line)
      table.push(line)
    }
  }
}
if (process.argv.includes('--write')) {
  const [before, , after] = readFileSync(doc, 'utf8').split(/<!-- table(?: end)? -->/)
  const machine = `On ${cpus().length} cores of ${cpus()[0]!.model.trim()}; medians.`
  const block = `<!-- table -->\n\n${machine}\n\n${table.join('\n')}\n\n<!-- table end -->`
  writeFileSync(doc, `${before}${block}${after}`)
}
