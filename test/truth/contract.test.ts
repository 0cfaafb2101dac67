import { build } from 'esbuild'
import { afterAll, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../runtimes/node/contract.node.ts', import.meta.url))
const node = process.env.TRUTH_NODE ?? process.execPath
const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-contract-'))

afterAll(() => rm(folder, { recursive: true }))

it('the contract holds on this version of Node', { timeout: 300_000 }, async () => {
  const outfile = join(folder, 'contract.mjs')
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    tsconfigRaw: '{}',
  })
  const version = (await run(node, ['--version'])).stdout.trim().slice(1)
  const env = { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '', INTENDED_NODE: version }
  const reporter = ['--test', '--test-reporter=tap']
  const { stdout } = await run(node, [...reporter, outfile], { env, maxBuffer: 1 << 26 }).catch(
    (error: unknown) => {
      throw new Error(`Node ${version} failed:\n${(error as { stdout: string }).stdout}`)
    }
  )
  expect(stdout).toMatch(/^# fail 0$/m)
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(15)
})
