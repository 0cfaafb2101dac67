import { expect, it } from 'vitest'
import { nodeBinary, nodeMajors } from '../../../scripts/node-versions.mjs'
import { nodeTest } from '../node/node-test.ts'

it.each(nodeMajors)(
  'many requests leave nothing behind on %i',
  { timeout: 300_000 },
  async (major) => {
    expect(await nodeTest(await nodeBinary(major), 'many-requests.node.ts')).toBe(2)
  }
)
