// The real pprof, which the tests of its format use.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const cached = 'node_modules/.cache/pprof'

/**
 * Gives the path of pprof: the one in PPROF_PATH, a found one, that of an installed Go, or, as root on Debian,
 * the one of Debian's package of Go.
 * @returns {string}
 */
export function pprofPath() {
  const path = process.env.PPROF_PATH ?? findPprof() ?? downloadPprof()
  if (path === undefined || !existsSync(path)) {
    throw new Error(
      `No pprof found${path ? ` at ${path}` : ''}. Install Go, or set PPROF_PATH to the binary of github.com/google/pprof.`
    )
  }
  return path
}

function findPprof() {
  const folders = process.env.PATH?.split(delimiter) ?? []
  const onPath = folders.map((folder) => join(folder, 'pprof'))
  return [...onPath, join(goTools(), 'pprof'), cached].find((path) => existsSync(path))
}

function goTools() {
  try {
    return execFileSync('go', ['env', 'GOTOOLDIR'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return ''
  }
}

/** Takes the tool alone out of the package: Go itself is hundreds of megabytes. */
function downloadPprof() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'pprof-'))
  try {
    execFileSync('apt-get', ['update', '-qq'])
    const depends = execFileSync('apt-cache', ['depends', 'golang-go']).toString()
    const name = /golang-[\d.]+-go/.exec(depends)?.[0] ?? ''
    execFileSync('apt-get', ['download', '-qq', name], { cwd: folder, stdio: 'ignore' })
    const archive = execFileSync(
      'dpkg-deb',
      ['--fsys-tarfile', join(folder, readdirSync(folder)[0] ?? '')],
      {
        maxBuffer: 2 ** 31 - 1,
      }
    )
    const tool = execFileSync('tar', ['-xO', '--wildcards', './usr/lib/go-*/pkg/tool/*/pprof'], {
      input: archive,
      maxBuffer: 2 ** 28,
    })
    mkdirSync('node_modules/.cache', { recursive: true })
    writeFileSync(cached, tool)
    chmodSync(cached, 0o755)
    return cached
  } finally {
    rmSync(folder, { recursive: true })
  }
}
