import * as entry from 'hono-profiler'
import type { Subject } from '../../contract.ts'
import { TestList } from './test-list.ts'

/** The tests that this worker has. */
export const list: TestList = new TestList()

const globals = globalThis as object as Record<string, { prototype: object }>

/** workerd, and what the profiler changes there while it records, own and inherited. */
export const subject: Subject = {
  test: list.test,
  runtime: 'workerd',
  isIntended: () => navigator.userAgent === 'Cloudflare-Workers',
  entry,
  // workerd tells its version to nobody inside.
  version: /^$/,
  // Eight runs, timed by a clock of whole milliseconds.
  leastMs: process.env.IS_SAMPLED === 'yes' ? 35 : 0,
  patched: [
    globalThis,
    Object.getPrototypeOf(globalThis) as object,
    Promise.prototype,
    Response.prototype,
    Object.getPrototypeOf(Response.prototype) as object,
    globals.ReadableStreamDefaultReader!.prototype,
    globals.Cache!.prototype,
    crypto.subtle,
    Object.getPrototypeOf(crypto.subtle) as object,
    Object.getPrototypeOf(scheduler) as object,
  ],
}
