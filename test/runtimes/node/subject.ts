import { test } from 'node:test'
import * as entry from '../../../runtimes/node/index.ts'
import type { Subject } from '../../contract.ts'

/** Node 20 puts these in place as they are first read: here, before anything is compared. */
export const readEarly: unknown[] = [AbortController, Blob, CompressionStream, Headers, Request]

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
