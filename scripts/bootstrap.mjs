// Runs before anything is installed, on whatever Node (18 or newer) the machine has: no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.installed')

/** Says whether node_modules holds what package-lock.json asks for. */
function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()
}

/** Installs what package-lock.json asks for and remembers that it did. */
function install() {
  console.log('Installing the development dependencies (npm ci), about 800 MB, once ...')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  finishInstall('node', 'installArchSpecificPackage.js')
  finishInstall('bun', 'install.js')
  writeFileSync(stamp, lockHash())
}

/**
 * Fetches the binary of a package whose install script npm was told not to run.
 * @param {string} name
 * @param {string} script
 */
function finishInstall(name, script) {
  const works = spawnSync(join(modules, '.bin', name), ['--version']).status === 0
  if (!works) {
    console.log(`Finishing the installation of ${name} ...`)
    run(process.execPath, [script], join(modules, name))
    run('npm', ['rebuild', name, '--ignore-scripts', '--loglevel=error']) // links its command
  }
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/**
 * Runs a command to its end and leaves with its exit code if it failed.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) {
    console.error(error ?? `"${command} ${args.join(' ')}" failed.`)
    process.exit(status ?? 1)
  }
}

const [task, ...args] = process.argv.slice(2)

if (!isInstalled()) {
  install()
}

// With its bin folder first, "node" is the version that the tools need.
const child = spawn('node', [`scripts/${task}.mjs`, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) },
})
process.on('SIGTERM', () => child.kill())
process.on('SIGINT', () => {}) // the terminal sends it to the child too, which ends in its own way
child.on('exit', (code) => process.exit(code ?? 1))
