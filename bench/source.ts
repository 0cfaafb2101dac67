/**
 * How long the first report of a large bundle takes, for which its source map is read, beside the later ones and those
 * of a small bundle. None of it is part of the request.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Row } from './measure.ts'
import { formatted, median } from './measure.ts'
import { writeBundle } from './source/large-bundle.ts'

const ROUNDS = 5

/** Milliseconds. */
interface Times {
  plain: number
  profiled: number[]
  /** The part of `profiled` until the request ended: the start of the recording and the request. */
  sessions: number[]
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

export async function* rows(): AsyncGenerator<Row> {
  for (const [modules, reach] of [
    [10, ''],
    [1110, 'none of it in the request'],
  ] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'source-bench-'))
    try {
      const { script, size, mapSize } = await writeBundle(folder, modules)
      const runs: Times[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const { stdout } = await promisify(execFile)(process.execPath, [script])
        runs.push(JSON.parse(stdout) as Times)
      }
      const report = (index: number): string =>
        formatted(median(runs.map((run) => run.profiled[index]! - run.sessions[index]!)), ' ms')
      yield {
        what: `from the request's end to the first report, bundle of ${megabytes(size)}, map of ${megabytes(mapSize)}`,
        measured: report(0),
        beside: `a later report ${report(3)}, the request ${formatted(median(runs.map(({ plain }) => plain)), ' ms')}`,
        reach,
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}
