import { expect, it } from 'vitest'
import { runtimesDocument } from './helpers/runtimes-table.ts'

it('the table of runtimes in the docs is what the code has (npm run docs:runtimes)', async () => {
  const { present, printed } = await runtimesDocument()
  expect(present).toBe(printed)
})
