import { inject } from 'vitest'
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** An application that has installed the packed tarball. */
export interface Application {
  folder: string
  /** The installed command. */
  command: string
  remove: () => Promise<void>
}

/**
 * Installs the packed tarball as npm does, with what it depends on.
 *
 * @param others What else the application has installed.
 */
export async function installApplication(others: readonly string[] = []): Promise<Application> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hono-profiler-package-')))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'hono-profiler')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', inject('tarball'), '-C', installed, '--strip-components=1'])
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    bin: Record<string, string>
  }
  for (const name of ['hono', ...Object.keys(manifest.dependencies), ...others]) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(fromRoot(`node_modules/${name}`), join(modules, name))
  }
  const command = join(modules, '.bin', 'hono-profiler')
  const target = join(installed, manifest.bin['hono-profiler']!)
  await mkdir(dirname(command))
  await chmod(target, 0o755)
  await symlink(target, command)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  return { folder, command, remove: () => rm(folder, { recursive: true }) }
}
