import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run, writeProgram } from './sources/program.ts'
import { runWorker } from './sources/workerd.ts'
import { modes } from './workerd/modes.ts'

/** The first finding of each route: its kind, its function and its line. */
type Found = Record<string, [kind: string, name: string, line: number]>

/** The function to look at for each; V8 may have put the function that burns into its caller. */
const EXPECTED: Record<string, RegExp> = {
  'sequential-awaits': /^listOrders$/,
  'hot-function': /^(compute|burn)$/,
  blocked: /^(watchFeed|burn)$/,
  serialization: /^exportRows$/,
  'slow-middleware': /^requireUser$/,
  // Bun tells the function that awaits by what calls it.
  timeout: /^(queryReport|loadReport)$/,
}

let folder = ''
let lines: string[] = []

beforeAll(async () => {
  folder = (await writeProgram()).folder
  lines = (await readFile(join(folder, 'slow.ts'), 'utf8')).split('\n')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const DENO = ['run', '-A', '--no-check', '--no-lock', '--node-modules-dir=manual']

describe('the first finding of a slow route is its reason, at the right line', () => {
  it.each<[string, () => Promise<Found>, untold?: string]>([
    ['Node', () => run<Found>(folder, 'node', 'print-slow.ts')],
    // Its samples do not always tell such work from waiting.
    ['Bun', () => run<Found>(folder, 'bun', 'print-slow.ts'), 'blocked'],
    ['Deno', () => run<Found>(folder, 'deno', ...DENO, 'print-slow.ts')],
    // What else the loop does is not told apart from waiting there.
    ['workerd', () => runWorker<Found>(folder, modes[0]!, 'slow.ts'), 'blocked'],
  ])('%s', async (_runtime, findings, untold) => {
    const found = Object.fromEntries(
      Object.entries(await findings()).filter(([path]) => path !== untold)
    )
    expect(Object.entries(found).map(([path, first]) => [path, first[0]])).toEqual(
      Object.keys(EXPECTED)
        .filter((kind) => kind !== untold)
        .map((kind) => [kind, kind])
    )
    for (const [kind, name, line] of Object.values(found)) {
      expect(name).toMatch(EXPECTED[kind]!)
      // The line with the marker, or the one that begins the function.
      const text = lines[line - 1] ?? ''
      const isPlaced = text.endsWith(`// ${kind}`) || text.includes(`function ${name}(`)
      expect(isPlaced || (name === 'burn' && line > 0), `${kind}: ${line} ${text}`).toBe(true)
    }
  })
})
