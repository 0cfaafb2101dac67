import { expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

it.each(['node', 'bun'])(
  '10 seconds of mixed load on %s: no wrong answer, no error, no warning',
  { timeout: 300_000 },
  async (runtime) => {
    const args = ['bench/soak.ts', '--minutes', '0.17', '--runtime', runtime]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
    expect(stdout).toMatch(/\| of them profiled \| [1-9]/)
  }
)
