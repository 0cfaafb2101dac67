import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Runs a file of tests by `deno test`: no checks of types, which `npm run typecheck` does, and no lock file in the project. */
export const denoTest = (permissions: string[], file: string): Promise<{ stdout: string }> =>
  run(
    fromRoot('node_modules/.bin/deno'),
    ['test', ...permissions, '--no-check', '--no-lock', '--no-prompt', fromRoot(file)],
    { cwd: fromRoot(''), env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }
  ).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`deno test failed:\n${stdout}\n${stderr}`)
  })
