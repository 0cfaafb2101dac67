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
  /** The part of `profiled` until the request ended: the start of the recording and the request. */
  sessions: number[]
}

const [modules = 1110, rounds = 5] = process.argv.slice(2).map(Number)

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
    const report = (index: number): number[] =>
      runs.map(({ profiled, sessions }) => profiled[index]! - sessions[index]!)
    console.log(`  request                        ${least(runs.map(({ plain }) => plain))}`)
    console.log(`  first report after the request ${least(report(0))}`)
    console.log(`  later report after the request ${least(report(3))}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Other programs only add to what a run takes. */
function least(times: number[]): string {
  return `${Math.min(...times)
    .toFixed(1)
    .padStart(7)} ms`
}
