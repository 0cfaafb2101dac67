import { test } from 'node:test'
import * as entry from '../../../runtimes/deno/index.ts'
import { defineTruth } from '../../contract-truth.ts'
import { defineContract } from '../../contract.ts'
import { workloads } from '../../truth/workloads/index.ts'

const subject = {
  test: (name: string, run: () => Promise<void>) => void test(name, run),
  runtime: 'deno',
  isIntended: () => 'Deno' in globalThis,
  entry,
  patched: [globalThis, Promise.prototype, process, Response.prototype, crypto.subtle],
}

defineContract(subject)
defineTruth(subject, workloads, { ms: 4, share: 0.05 })
