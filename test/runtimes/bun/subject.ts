import { test } from 'node:test'
import * as entry from '../../../runtimes/bun/index.ts'
import type { Subject } from '../../contract.ts'

/** Bun, and what the profiler changes there while it records. */
export const subject: Subject = {
  test: (name, run) => void test(name, run),
  runtime: 'bun',
  isIntended: () => 'Bun' in globalThis,
  entry,
  patched: [
    globalThis,
    Bun,
    Promise.prototype,
    process,
    Response.prototype,
    Blob.prototype,
    crypto.subtle,
    process.getBuiltinModule('net').Socket.prototype,
    process.getBuiltinModule('child_process').ChildProcess.prototype,
    process.getBuiltinModule('fs/promises'),
    process.getBuiltinModule('timers/promises'),
  ],
}
