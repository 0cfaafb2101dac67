/**
 * Runs the benchmarks on the built package, one process each, and prints a table. With `--write` it takes the place of
 * the one in `docs/performance.md`.
 *
 *     npm run bench [-- NAME ... --write]
 */
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../scripts/node-versions.mjs'
import type { Row } from './measure.ts'

/** The benchmarks, and the versions of Node that matter to each. */
const BENCHMARKS: Record<string, number[]> = {
  idle: [20, 24, 26],
  beside: [20, 24, 26],
  cpu: [24, 26],
  awaits: [20, 24, 26],
  start: [20, 24, 26],
  finish: [20, 24, 26],
  large: [24],
  cold: [20, 24],
  growth: [24],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = join(root, 'dist/runtimes/node.js')
const doc = join(root, 'docs/performance.md')
const asked = process.argv.slice(2).filter((name) => name !== '--write')
const names = asked.length > 0 ? asked : Object.keys(BENCHMARKS)

/** Node 20 reads no TypeScript. */
async function bundle(name: string): Promise<string> {
  const outfile = join(root, 'node_modules/.cache/bench', `${name}.mjs`)
  await build({
    entryPoints: [join(root, 'bench', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'hono-profiler': entry },
    external: [entry],
    tsconfigRaw: '{}',
    logLevel: 'error',
  })
  return outfile
}

async function run(name: string, major: number): Promise<string[]> {
  const env = { ...process.env, NODE_ENV: 'test', BENCH_ENTRY: entry }
  const program = await bundle(name)
  const args = ['--max-old-space-size=4096', program]
  const { stdout, stderr } = spawnSync(await nodeBinary(major), args, { env, encoding: 'utf8' })
  const rows = [...stdout.matchAll(/^ROW (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Row)
  if (rows.length === 0) {
    throw new Error(`${name} measured nothing on Node ${major}: ${stderr}`)
  }
  return rows.map(
    ({ what, measured, beside, reach }) =>
      `| ${what} | ${major} | ${measured} | ${beside} | ${reach} | \`bench:${name}\` |`
  )
}

const table = [
  '| what | Node | measured | beside, in the same run | reach | `npm run` |',
  '| --- | --- | --- | --- | --- | --- |',
]
console.log(table.join('\n'))
for (const name of names) {
  const majors = BENCHMARKS[name]
  if (!majors) {
    throw new Error(`there is no benchmark '${name}'; there are ${Object.keys(BENCHMARKS).join()}`)
  }
  for (const major of majors) {
    const lines = await run(name, major)
    console.log(lines.join('\n'))
    table.push(...lines)
  }
}
if (process.argv.includes('--write')) {
  const [before, , after] = readFileSync(doc, 'utf8').split(/<!-- table(?: end)? -->/)
  const machine = `On ${cpus().length} cores of ${cpus()[0]!.model.trim()}; medians.`
  const block = `<!-- table -->\n\n${machine}\n\n${table.join('\n')}\n\n<!-- table end -->`
  writeFileSync(doc, `${before}${block}${after}`)
}
