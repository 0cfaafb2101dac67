import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Example } from './run-example.ts'
import { startExample } from './run-example.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

let example: Example
let commands: string[]

beforeAll(async () => {
  const guide = await readFile(fromRoot('skill/SKILL.md'), 'utf8')
  // Those of the command line are followed by its own tests.
  commands = [...guide.matchAll(/^```sh\n(curl .*)\n```$/gm)].map(([, command]) => command!)
  example = await startExample(['examples/demo/main.tsx'])
})

afterAll(async () => {
  await example.stop()
})

const COMMAND = /^curl -s(?: -H "([\w-]+): (\w+)")? "\$URL"$/

/** Does what `curl` does for a command of the guide. */
async function run(command: string, url: string): Promise<string> {
  const [, header, value] = COMMAND.exec(command)!
  const response = await fetch(url, { headers: header ? { [header]: value! } : {} })
  return await response.text()
}

/** The first line that the answer sends a reader to, and its text. */
async function lineToRead(answer: string): Promise<{ place: string; text: string }> {
  const [, file, line] = /^- Read `(.+):(\d+)` first/m.exec(answer)!
  const source = (await readFile(fromRoot(file!), 'utf8')).split('\n')
  return { place: `${file}:${line}`, text: source[Number(line) - 1]!.trim() }
}

it('has commands that can be followed', () => {
  expect(commands).toEqual([
    'curl -s "$URL"',
    'curl -s -H "x-profile: markdown" "$URL"',
    'curl -s -H "x-profile: text" "$URL"',
  ])
})

it('leads from a slow order to the queries in the loop, and from the fast one to nothing', async () => {
  const [visit, ask, askTree] = commands as [string, string, string]
  const url = `${example.url}/orders/17`
  await run(visit, url)
  const answer = await run(ask, url)

  expect(answer).toMatch(/^1\. \*\*\d+ awaits one after another in loadItems/m)
  const { place, text } = await lineToRead(answer)
  expect(place).toMatch(/^examples\/demo\/shop\.ts:/)
  expect(text).toMatch(/^const (product|stock) = await (productName|countStock)\(/)
  expect(await run(askTree, url)).toContain('loadItems')

  await run(visit, `${url}/fast`)
  expect(await run(ask, `${url}/fast`)).not.toContain('## Findings')
})

it('leads from a slow search to the function that computes', async () => {
  const [visit, ask] = commands as [string, string]
  const url = `${example.url}/search?q=wirless+bambo+keybord`
  await run(visit, url)
  const answer = await run(ask, url)

  expect(answer).toMatch(/^1\. \*\*\w+ .* of processor time/m)
  const { place, text } = await lineToRead(answer)
  expect(place).toMatch(/^examples\/demo\/search\.ts:/)
  // V8 may have put the function into its caller; then the line of the call is the hot one.
  const source = (await readFile(fromRoot('examples/demo/search.ts'), 'utf8')).split('\n')
  const begins = source.findIndex((line) => line.startsWith('function editDistance')) + 1
  const isWithin = Number(place.split(':')[1]) >= begins
  expect(isWithin || text.includes('editDistance('), `${place} ${text}`).toBe(true)
})
