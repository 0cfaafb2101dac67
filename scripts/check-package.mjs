// Checks the package as users will get it: the packed tarball.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'hono-profiler-pack-'))

/** @param {string[]} command */
function run([name = '', ...args]) {
  execFileSync(name, args, { stdio: 'inherit' })
}

try {
  run(['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder])
  const tarball = join(folder, readdirSync(folder)[0] ?? '')
  run(['publint', 'run', tarball, '--strict'])
  run(['attw', tarball, '--profile', 'esm-only'])
  run(['size-limit'])
} catch {
  // The tool has said what is wrong.
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
