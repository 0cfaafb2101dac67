/** A worker that runs the contract: `/` lists its tests, `/?test=3` runs one and answers with what it threw. */
import * as entry from 'hono-profiler'
import { defineContract } from '../../contract.ts'

const tests: { name: string; run: () => Promise<void> }[] = []

/** What is replaced while something is recorded, own and inherited. */
const globals = globalThis as object as Record<string, { prototype: object }>
const scope = Object.getPrototypeOf(globalThis) as object

defineContract({
  test: (name, run) => void tests.push({ name, run }),
  runtime: 'workerd',
  isIntended: () => navigator.userAgent === 'Cloudflare-Workers',
  entry,
  // workerd tells its version to nobody inside.
  version: /^$/,
  // Eight runs, timed by a clock of whole milliseconds.
  leastMs: process.env.IS_SAMPLED === 'yes' ? 35 : 0,
  patched: [
    globalThis,
    scope,
    Promise.prototype,
    Response.prototype,
    Object.getPrototypeOf(Response.prototype) as object,
    globals.ReadableStreamDefaultReader!.prototype,
    globals.Cache!.prototype,
    crypto.subtle,
    Object.getPrototypeOf(crypto.subtle) as object,
    Object.getPrototypeOf(scheduler) as object,
  ],
})

export default {
  async fetch(request: Request): Promise<Response> {
    const index = new URL(request.url).searchParams.get('test')
    if (index === null) {
      return Response.json(tests.map(({ name }) => name))
    }
    try {
      await tests[Number(index)]!.run()
      return new Response('passed')
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  },
}
