import * as entry from 'hono-profiler'
import { defineContract } from '../../contract.ts'

/** Runs in workerd: the contract, one test for each request. */
const tests = new Map<string, () => Promise<void>>()

defineContract({
  test: (name, run) => tests.set(name, run),
  runtime: 'workerd',
  isIntended: () => navigator.userAgent === 'Cloudflare-Workers',
  entry,
  patched: [globalThis, Promise.prototype, Object.getPrototypeOf(Response.prototype) as object],
})

export default {
  async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).searchParams.get('test')
    if (name === null) {
      return Response.json([...tests.keys()])
    }
    try {
      await tests.get(name)!()
      return new Response('')
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 })
    }
  },
}
