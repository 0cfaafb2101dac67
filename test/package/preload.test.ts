import { afterAll, beforeAll, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Application } from './application.ts'
import { fromRoot, installApplication } from './application.ts'

const run = promisify(execFile)

/** Prints how its waits were seen, and what runs in the place of its text. */
const PROGRAM = `import { profile } from 'hono-profiler'

async function checking() {
  await new Promise((resolve) => setTimeout(resolve, 5))
}
const { session } = await profile(checking)
console.log(session.meta.fidelity.waits)
console.log(checking.toString())
`

let application: Application

beforeAll(async () => {
  application = await installApplication()
  await writeFile(join(application.folder, 'app.ts'), PROGRAM)
})

afterAll(() => application.remove())

async function print(args: readonly string[]): Promise<string> {
  const bun = fromRoot('node_modules/.bin/bun')
  const { stdout } = await run(bun, [...args, 'app.ts'], { cwd: application.folder })
  return stdout
}

it('bun --preload hono-profiler/preload marks each await, in an application of its own', async () => {
  const printed = await print(['--preload', 'hono-profiler/preload'])
  expect(printed).toContain('__honoProfilerAwait')
  expect(printed).not.toContain('exact with')
})

it('without it the report says what it would tell', async () => {
  const printed = await print([])
  expect(printed).not.toContain('__honoProfilerAwait')
  expect(printed).toContain('exact with `bun --preload hono-profiler/preload`')
})
