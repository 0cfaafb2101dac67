import { test } from 'node:test'
import * as entry from '../../../runtimes/node/index.ts'
import type { Subject } from '../../contract.ts'

/** The version of Node that is meant, and what the profiler changes there while it records. */
export const subject: Subject = {
  test: (name, run) => void test(name, run),
  runtime: 'node',
  isIntended: () =>
    !('Bun' in globalThis) &&
    !('Deno' in globalThis) &&
    process.versions.node === process.env.INTENDED_NODE,
  entry,
  patched: [globalThis, Promise, Promise.prototype, Response.prototype, Error],
}
