import { expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import type { LineTimes } from './burning-lines.ts'
import { findLineErrors } from './burning-lines.ts'
import { runScript } from './start-server.ts'

const MAIN = `import { profile } from 'hono-profiler'
import { measureLines } from './burning-lines.js'
console.log(JSON.stringify(await measureLines(profile)))
`

it('the times of three burning lines are true', async () => {
  const source = await readFile(new URL('burning-lines.ts', import.meta.url), 'utf8')
  const programs = new Map([
    ['burning-lines', stripTypeScriptTypes(source)],
    ['main', MAIN],
  ])
  const measure = async (): Promise<LineTimes> =>
    JSON.parse(await runScript('programs/main.js', [], programs)) as LineTimes
  expect(await findLineErrors(measure)).toBeUndefined()
})
