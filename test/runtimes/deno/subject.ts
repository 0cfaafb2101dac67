// Deno puts its globals for Node in place as the first CommonJS module is loaded: here, before anything is compared.
import '@babel/parser'
import { test } from 'node:test'
import * as entry from '../../../runtimes/deno/index.ts'
import type { Subject } from '../../contract.ts'

/** Deno, and what the profiler changes there while it records. */
export const subject: Subject = {
  test: (name, run) => void test(name, run),
  runtime: 'deno',
  isIntended: () => 'Deno' in globalThis,
  entry,
  patched: [globalThis, Promise.prototype, process, Response.prototype, crypto.subtle],
}
