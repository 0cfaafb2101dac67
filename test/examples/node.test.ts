import { afterAll, beforeAll, expect, test } from 'vitest'
import { pbkdf2Sync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Example } from './run-example.ts'
import { startExample } from './run-example.ts'

let example: Example

beforeAll(async () => {
  example = await startExample(['examples/node.ts'], { PORT: '0' })
})

afterAll(async () => {
  await example.stop()
})

test('the smallest app serves its own response', async () => {
  const response = await fetch(example.url.replace('?profile=1', ''))

  expect(await response.text()).toBe(
    pbkdf2Sync('secret', 'salt', 600_000, 32, 'sha256').toString('hex')
  )
})

test('the URL that it prints answers with the report', async () => {
  const response = await fetch(example.url)

  expect(response.headers.get('content-type')).toContain('text/html')
  expect(await response.text()).toContain('GET /hash/secret')
})

test('the call tree names the line that waits for the hash', async () => {
  const source = await readFile('examples/node.ts', 'utf8')
  const line = source.split('\n').findIndex((text) => text.includes('await hash(')) + 1

  const response = await fetch(example.url.replace('=1', '=text'))
  const tree = await response.text()

  expect(tree).toContain(`examples/node.ts:${line}`)
  expect(tree).toContain('[await]')
})
