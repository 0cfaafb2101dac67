// The real browser that the tests of the report page use.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const usualPlaces = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Gives the path of a Chromium: the one in CHROMIUM_PATH, a found one, or, as root on Debian, a newly
 * installed one.
 * @returns {Promise<string>}
 */
// eslint-disable-next-line @typescript-eslint/require-await -- a caller should not depend on how it is found
export async function chromiumPath() {
  const path = process.env.CHROMIUM_PATH ?? findChromium() ?? installChromium()
  if (path === undefined || !existsSync(path)) {
    throw new Error(
      `No Chromium found${path ? ` at ${path}` : ''}. Install Chromium or Google Chrome, or set CHROMIUM_PATH to its binary.`
    )
  }
  return path
}

function findChromium() {
  const folders = process.env.PATH?.split(delimiter) ?? []
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...usualPlaces].find((path) => existsSync(path))
}

function installChromium() {
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!isDebianRoot) {
    return undefined
  }
  console.log('Installing Chromium (apt-get install chromium) ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'inherit', env })
  return findChromium()
}
