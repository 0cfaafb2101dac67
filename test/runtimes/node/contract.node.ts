/** The contract as a program for any version of Node, run by `node --test`. */
import { test } from 'node:test'
import * as entry from '../../../runtimes/node/index.ts'
import type { Subject } from '../../contract.ts'
import { defineContract } from '../../contract.ts'
import { v8Memory } from '../../helpers/v8-memory.ts'
import { defineManyRequests } from '../../many-requests.ts'

const subject: Subject = {
  test: (name, run) => void test(name, run),
  runtime: 'node',
  isIntended: () =>
    !('Bun' in globalThis) &&
    !('Deno' in globalThis) &&
    process.versions.node === process.env.INTENDED_NODE,
  entry,
  patched: [globalThis, Promise, Promise.prototype, Response.prototype, Error],
}

defineContract(subject)
defineManyRequests(subject, v8Memory)
