import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs a file of tests by `bun test`, and gives what it printed. */
export async function bunTest(file: string, args: string[] = [], env = {}): Promise<string> {
  const command = ['test', ...args, '--timeout', '120000', `./test/runtimes/bun/${file}`]
  const options = { cwd: root, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 1 << 26 }
  try {
    return (await run('node_modules/.bin/bun', command, options)).stderr
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`bun test failed:\n${stdout}\n${stderr}`)
  }
}
