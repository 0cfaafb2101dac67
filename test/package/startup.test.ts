import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Application } from './application.ts'
import { installApplication } from './application.ts'

let application: Application

beforeAll(async () => {
  application = await installApplication()
})

afterAll(() => application.remove())

it('a bundler that splits leaves all but the middleware for the first recording', async () => {
  const input = join(application.folder, 'startup.js')
  await writeFile(input, "import { profiler } from 'hono-profiler'\nconsole.log(profiler())")
  const bundle = await rolldown({ input, platform: 'node', external: /^hono(\/|$)/ })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  const chunks = new Map(
    output.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each]] : []))
  )
  const loaded = new Set([output[0].fileName])
  for (const name of loaded) {
    chunks.get(name)?.imports.forEach((each) => loaded.add(each))
  }
  const size = [...loaded].reduce((sum, name) => sum + (chunks.get(name)?.code.length ?? 0), 0)
  // It is 10 kB, minified; what reads and renders sessions is 180 kB.
  expect(size).toBeLessThan(13_000)
})
