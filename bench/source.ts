/**
 * How long the first report of a large bundle takes, for which its source map is read, beside the later ones and those
 * of a small bundle. None of it is part of the request.
 *
 *     node --import tsx bench/source.ts [modules] [rounds]
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeBundle } from './source/large-bundle.ts'

/** Milliseconds. */
interface Times {
  plain: number
  profiled: number[]
  sessions: number[]
}

const [modules = 950, rounds = 5] = process.argv.slice(2).map(Number)

for (const count of [10, modules]) {
  const folder = await mkdtemp(join(tmpdir(), 'source-bench-'))
  try {
    const { script, size, mapSize } = await writeBundle(folder, count)
    const runs: Times[] = []
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, [script])
      runs.push(JSON.parse(stdout) as Times)
    }
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
    console.log(`bundle of ${megabytes(size)}, map of ${megabytes(mapSize)}`)
    console.log(`  request  ${median(runs.map(({ plain }) => plain))}`)
    console.log(`  recorded ${median(runs.map(({ sessions }) => sessions[0]!))}`)
    console.log(
      `  first report after the request ${median(runs.map((run) => afterRequest(run, 0)))}`
    )
    console.log(
      `  later report after the request ${median(runs.map((run) => afterRequest(run, 3)))}`
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

function afterRequest({ profiled, sessions }: Times, index: number): number {
  return profiled[index]! - sessions[index]!
}

function median(times: number[]): string {
  const middle = [...times].sort((a, b) => a - b)[times.length >> 1]!
  return `${middle.toFixed(1).padStart(7)} ms`
}
