import { build } from 'esbuild'
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** npm runs scripts there. */
const root = process.cwd()

/** A bundle of an application on disk, with its map beside it. */
export interface Bundle {
  script: string
  /** Bytes. */
  size: number
  mapSize: number
}

/** Answers with milliseconds: of a request without the profiler, then of requests with it, and of their recordings. */
const MAIN = `
import { Hono } from 'hono'
import { profiler } from 'hono-profiler'
import { modules } from './modules.ts'

const items = Array.from({ length: 2000 }, (_, i) => i)
const sessions: number[] = []
const app = new Hono()
app.use(profiler({ enabled: true, store: {
  save: async (session) => String(sessions.push(session.duration + session.meta.overhead.start)),
  load: async () => undefined,
  list: async () => [],
} }))
app.get('/', (c) => {
  let total = 0
  for (const module of modules.filter((_, i) => i % 25 === 0)) {
    for (const step of Object.values(module).slice(0, 10)) {
      total += step(items).total
    }
  }
  return c.text(String(total))
})

const time = async (path: string): Promise<number> => {
  const start = performance.now()
  await (await app.request(path)).text()
  return performance.now() - start
}
for (let i = 0; i < 20; i++) {
  await time('/')
}
const plain = await time('/')
const profiled: number[] = []
for (let i = 0; i < 4; i++) {
  profiled.push(await time('/?profile=json'))
}
console.log(JSON.stringify({ plain, profiled, sessions }))
`

/** One of many modules: some functions, of which the first is called by the application. */
function moduleText(index: number, functions: number): string {
  const texts = Array.from(
    { length: functions },
    (_, i) => `
export function step${index}_${i}(items: readonly number[]): { total: number; label: string } {
  let total = 0
  for (const item of items) {
    total += item % 2 === 0 ? Math.sqrt(item + ${i}) : Math.cbrt(item * ${i + 1})
  }
  return { total, label: \`step ${index} of ${i}: \${total.toFixed(2)}\` }
}
`
  )
  return texts.join('')
}

/**
 * Writes an application of many modules and bundles it with its map. It prints how long its requests took.
 *
 * @param modules How many modules there are, about 20 kB each.
 */
export async function writeBundle(folder: string, modules: number): Promise<Bundle> {
  await mkdir(join(folder, 'src'), { recursive: true })
  const names = Array.from({ length: modules }, (_, i) => `module${i}`)
  await Promise.all(
    names.map((name, i) => writeFile(join(folder, 'src', `${name}.ts`), moduleText(i, 70)))
  )
  const imports = names.map((name) => `import * as ${name} from './${name}.ts'`)
  const list = `${imports.join('\n')}\nexport const modules = [${names.join()}]\n`
  await writeFile(join(folder, 'src/modules.ts'), list)
  await writeFile(join(folder, 'src/main.ts'), MAIN)
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules/hono-profiler'))
  await symlink(join(root, 'node_modules/hono'), join(folder, 'node_modules/hono'))
  const script = join(folder, 'bundle.js')
  await build({
    entryPoints: [join(folder, 'src/main.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    sourcemap: true,
    external: ['hono', 'hono-profiler'],
    logLevel: 'error',
  })
  const { size } = await stat(script)
  const { size: mapSize } = await stat(`${script}.map`)
  return { script, size, mapSize }
}
