// The whole test run, step after step: "npm test", or a part of it: "npm test -- lint vitest".
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { nodeBinary, nodeMajors } from './node-versions.mjs'

/** @typedef {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} Report */

const count = { passed: 0, failed: 0 }

/** @type {Record<string, () => boolean | Promise<boolean>>} */
const steps = {
  typecheck: () => npmRun('typecheck'),
  lint: () => npmRun('lint'),
  format: () => npmRun('format:check'),
  build: () => npmRun('build'),
  package: () => npmRun('check:package'),
  vitest: () => {
    console.log('\n== vitest')
    return vitest(['--project', '!truth'])
  },
  'node-versions': async () => {
    let passed = true
    for (const major of nodeMajors) {
      const TRUTH_NODE = await nodeBinary(major)
      console.log(`The truth tests under Node ${major}: ${TRUTH_NODE}`)
      passed = vitest(['--project', 'truth'], { TRUTH_NODE }) && passed
    }
    return passed
  },
}

/** What reads the same files and measures no time goes side by side: the steps of a row one after the other. */
const rows = [
  ['lint', 'format'],
  ['typecheck', 'build', 'package'],
]

/**
 * Runs a script, and prints at once what it had to say.
 * @param {string} script
 */
async function npmRun(script) {
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  /** @type {Buffer[]} */
  const output = []
  child.stdout.on('data', (/** @type {Buffer} */ part) => output.push(part))
  child.stderr.on('data', (/** @type {Buffer} */ part) => output.push(part))
  const [code] = await once(child, 'close')
  process.stdout.write(`\n== ${script}\n${Buffer.concat(output).toString()}`)
  return code === 0
}

/**
 * Runs vitest and adds its tests to the count.
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
function vitest(args, env = {}) {
  const report = 'node_modules/.cache/vitest-report.json'
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const passed = run('vitest', ['run', ...args, ...reporters], env)
  if (existsSync(report)) {
    /** @type {Report} */
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
    countTests(testResults)
  }
  return passed
}

/** @param {Report['testResults']} files */
function countTests(files) {
  for (const { status, assertionResults } of files) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    count.passed += assertionResults.filter((test) => test.status === 'passed').length
    // A file that fails outside its tests (it does not load, say) counts as one.
    count.failed += failed || (status === 'failed' ? 1 : 0)
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
function run(command, args, env = {}) {
  return (
    spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0
  )
}

const asked = process.argv.slice(2)
const names = asked.length > 0 ? asked : Object.keys(steps)
/** @type {string[]} */
const failedSteps = []

/** @param {string[]} row */
async function runRow(row) {
  for (const name of row.filter((step) => names.includes(step))) {
    if (!(await steps[name]?.())) {
      failedSteps.push(name)
    }
  }
}

if (rows.flat().some((name) => names.includes(name))) {
  // Each of them builds the page, and leaves one alone that is up to date.
  run('npm', ['run', '--silent', 'build:page'])
}
await Promise.all(rows.map(runRow))
await runRow(names.filter((name) => !rows.flat().includes(name)))

if (failedSteps.length > 0) {
  console.log(`\nFailed: ${failedSteps.join(', ')}`)
}
console.log(`\n${count.passed} passed, ${count.failed} failed`)
const ranNothing = asked.length === 0 && count.passed === 0
process.exit(failedSteps.length > 0 || ranNothing ? 1 : 0)
