import { expect, it } from 'vitest'
import { nodeTest } from '../runtimes/node/node-test.ts'

const node = process.env.TRUTH_NODE ?? process.execPath

it('the contract holds on this version of Node', { timeout: 300_000 }, async () => {
  expect(await nodeTest(node, 'contract.node.ts')).toBeGreaterThan(15)
})
