import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs a file of tests by `node --test`, in one file that every version reads.
 *
 * @param node The binary.
 * @returns How many passed.
 * @throws When one failed.
 */
export async function nodeTest(node: string, file: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-node-'))
  try {
    const outfile = join(folder, 'tests.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
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
    const args = ['--test', '--test-reporter=tap', outfile]
    const { stdout } = await run(node, args, { env, maxBuffer: 1 << 26 }).catch(
      (error: unknown) => {
        throw new Error(`Node ${version} failed:\n${(error as { stdout: string }).stdout}`)
      }
    )
    return Number(/^# pass (\d+)$/m.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true })
  }
}
