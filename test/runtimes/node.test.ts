import { it } from 'vitest'
import * as entry from '../../runtimes/node/index.ts'
import { defineContract } from '../contract.ts'

defineContract({
  test: (name, run) => {
    it(name, run)
  },
  runtime: 'node',
  isIntended: () => !('Bun' in globalThis) && !('Deno' in globalThis),
  entry,
  patched: [Promise, Promise.prototype, Response.prototype, Error],
})
