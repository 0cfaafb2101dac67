import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineTruth, defineTruthOf } from '../../contract-truth.ts'
import type { Subject } from '../../contract.ts'
import { defineOwners } from '../../many-requests.ts'
import { findLineErrors, measureLines } from '../../truth/burning-lines.ts'
import type { Scope } from '../../truth/ledger.ts'
import { randomProgram } from '../../truth/random-program.ts'
import { longestGap, watchSampling } from '../../truth/sampling-gaps.ts'
import { workloads } from '../../truth/workloads/index.ts'
import { subject as deno } from './subject.ts'

watchSampling()

const subject: Subject = { ...deno, longestGap }
const TOLERANCE = { ms: 4, share: 0.05 }
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1)

defineTruth(subject, workloads, TOLERANCE)

const WORKLOAD = new URL('../../truth/workload.ts', import.meta.url).href

for (const seed of SEEDS) {
  const main = writeProgram(seed)
  const run = async (scope: Scope): Promise<unknown> => (await main)(scope)
  defineTruthOf(subject, `random program ${seed}`, run, TOLERANCE)
}

defineOwners(subject)

subject.test('true times of three burning lines', async () => {
  assert.equal(await findLineErrors(() => measureLines(subject.entry.profile)), undefined)
})

/** A program is a file, so that its functions have one. */
async function writeProgram(seed: number): Promise<(scope: Scope) => Promise<unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-program-'))
  const path = join(folder, 'program.mjs')
  await writeFile(path, randomProgram(seed).replace('../workload.js', WORKLOAD))
  const module = (await import(pathToFileURL(path).href)) as {
    main: (scope: Scope) => Promise<unknown>
  }
  return module.main
}
