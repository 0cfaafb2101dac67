import { afterAll, beforeAll, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Application } from './application.ts'
import { fromRoot, installApplication } from './application.ts'

const run = promisify(execFile)

const PROGRAM = `
import { Hono } from 'hono'
import { profiler } from 'hono-profiler'

const app = new Hono()
app.use(profiler())
app.get('/', async (c) => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  return c.text('ok')
})
const response = await app.request('/?profile=text&timeline=1')
console.log(await response.text())
process.exit()
`

let application: Application

/** As in a workspace, and as `npm link` does: the package's real path is not below `node_modules`. */
beforeAll(async () => {
  application = await installApplication()
  const { folder } = application
  await mkdir(join(folder, 'packages'))
  await rename(join(folder, 'node_modules/hono-profiler'), join(folder, 'packages/any-name'))
  await symlink(join(folder, 'packages/any-name'), join(folder, 'node_modules/hono-profiler'))
  await writeFile(join(folder, 'app.js'), PROGRAM)
})

afterAll(() => application.remove())

it.each([
  ['node', ['app.js']],
  ['bun', ['app.js']],
  ['deno', ['run', '--allow-all', '--no-lock', 'app.js']],
])('a linked package stays out of the call tree on %s', async (runtime, args) => {
  const binary = fromRoot(`node_modules/.bin/${runtime}`)
  const { stdout } = await run(binary, args, { cwd: application.folder })
  expect(stdout).toMatch(/GET \/ handler +app\.js:7/)
  expect(stdout).not.toContain('any-name')
})
