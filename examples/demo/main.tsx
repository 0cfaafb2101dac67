import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const usage = `Usage: npm run demo -- [options]

  --once         profile one request, print its call tree, write the report, and stop
  --out FILE     where --once writes the report (default: profile-report.html)
  --port NUMBER  where to listen (default: a free port)`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        out: { type: 'string', default: 'profile-report.html' },
        port: { type: 'string', default: '0' },
      },
    })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Error(`--port takes a number from 0 to 65535, not "${values.port}"`)
    }
    return { ...values, port }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`)
  }
}

/** Profiles one request twice: as text for the terminal, and as the report page for a file. */
async function profileOnce(url: string, out: string): Promise<void> {
  console.log(`Profiling GET /orders/17 ...\n`)
  console.log(await get(`${url}/orders/17?profile=text`))
  await writeFile(out, await get(`${url}/orders/17?profile=1`))
  console.log(`The report, to open in a browser: ${resolve(out)}`)
}

async function get(url: string): Promise<string> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: ${text}`)
  }
  return text
}

function printUrls(url: string): void {
  console.log(`
The demo listens on ${url}

  all routes        ${url}/
  an order, slow    ${url}/orders/17?profile=1
  the same, fast    ${url}/orders/17/fast?profile=1
  in the terminal   curl '${url}/orders/17?profile=text'

Ctrl-C stops it.`)
}

async function main(): Promise<void> {
  const options = readOptions()
  if (!isBuiltin('node:sqlite')) {
    throw new Error(
      `The demo needs node:sqlite, so Node 22.13 or newer; this is ${process.version}`
    )
  }
  const { startDemo } = await import('./start.ts')
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const demo = await startDemo(options.port)
  try {
    if (options.once) {
      await profileOnce(demo.url, options.out)
    } else {
      printUrls(demo.url)
      await stopped
    }
  } finally {
    await demo.close()
  }
}

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
