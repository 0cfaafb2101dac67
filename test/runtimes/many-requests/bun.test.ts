import { expect, it } from 'vitest'
import { bunTest } from '../bun/bun-test.ts'

it('many requests leave nothing behind', { timeout: 600_000 }, async () => {
  expect(await bunTest('many-requests.bun.ts')).toMatch(/\b2 pass\n\s*0 fail\b/)
})
