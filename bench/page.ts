/**
 * How large the report page is and how soon it can be used, beside two other viewers of CPU profiles that open
 * the same samples in the same browser.
 *
 *     node --import tsx bench/page.ts [samples] [stacks] [rounds]
 */
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromiumPath } from '../scripts/chromium.mjs'
import { htmlRenderer } from '../src/render/html.ts'
import { Session } from '../src/session.ts'
import { cpuProfileOf } from './page/cpu-profile.ts'
import { largeSession } from './page/large-session.ts'

/** A page to open, and how to know that it can be used. */
interface Candidate {
  name: string
  url: string
  /** Bytes of the samples as the page gets them. */
  bytes: number
  /** An expression of the page that is true from then on. */
  isReady: string
}

const [samples = 1_000_000, stacks = 25_000, rounds = 5] = process.argv.slice(2).map(Number)
const require = createRequire(import.meta.url)
const speedscopeFolder = join(dirname(require.resolve('speedscope/package.json')), 'dist/release')

const folder = mkdtempSync(join(tmpdir(), 'page-bench-'))
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url!, 'http://localhost')
  const file = join(folder, pathname)
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(readFileSync(file))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

try {
  const candidates = prepare()
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--allow-file-access-from-files'],
  })
  for (const candidate of candidates) {
    const times: Times[] = []
    for (let round = 0; round < rounds; round++) {
      times.push(await open(browser, candidate))
    }
    const { name, bytes } = candidate
    console.log(
      `${name.padEnd(14)} ${(bytes / 1e6).toFixed(2).padStart(6)} MB` +
        `  first paint ${spread(times.map(({ paint }) => paint))}` +
        `  usable ${spread(times.map(({ usable }) => usable))}`
    )
  }
  await reportFrames(browser)
  await browser.close()
} finally {
  server.close()
  rmSync(folder, { recursive: true })
}

function prepare(): Candidate[] {
  const data = largeSession(samples, stacks)
  const started = performance.now()
  const html = htmlRenderer().render(new Session(data))
  const rendered = performance.now() - started
  const size = /id="session">(.*)<\/script>/.exec(html)![1]!.length
  console.log(
    `${samples} samples, ${stacks} stacks; our page: ${(html.length / 1e6).toFixed(2)} MB, ` +
      `gzip ${(gzipSync(html).length / 1e6).toFixed(2)} MB, rendered in ${rendered.toFixed(0)} ms`
  )
  writeFileSync(join(folder, 'ours.html'), html)
  const profile = cpuProfileOf(data)
  const { bytes } = writeCpupro(profile)
  const script = `speedscope.loadFileFromBase64("p.cpuprofile", "${Buffer.from(profile).toString('base64')}")`
  writeFileSync(join(folder, 'profile.js'), script)
  return [
    {
      name: 'hono-profiler',
      url: `${origin()}/ours.html`,
      bytes: size,
      isReady: `document.querySelectorAll('[role=treeitem]').length > 1`,
    },
    {
      name: 'cpupro',
      url: `${origin()}/cpupro.html`,
      bytes,
      isReady: `/handle\\d/.test(document.querySelector('.discovery')?.shadowRoot?.textContent)`,
    },
    {
      name: 'speedscope',
      // Its page reads profiles given by the command line from files alone.
      url: `${pathToFileURL(join(speedscopeFolder, 'index.html')).href}#localProfilePath=${join(folder, 'profile.js')}`,
      bytes: script.length,
      isReady: `document.title.includes('p.cpuprofile')`,
    },
  ]
}

/** The report that cpupro makes. That of 0.7.0 waits for a loader that it does not have; here the data is pushed. */
function writeCpupro(profile: string): { bytes: number } {
  const cpupro = dirname(require.resolve('cpupro/package.json'))
  const createReport = require(join(cpupro, 'lib/report.js')) as (data: unknown) => {
    writeToFile(path: string): string
  }
  const file = join(folder, 'cpupro.html')
  createReport(JSON.parse(profile)).writeToFile(file)
  const html = readFileSync(file, 'utf8')
  const patched = html.replace('dataSource:"url",data:qr.model.data', 'dataSource:"push",data:true')
  writeFileSync(file, patched)
  return { bytes: html.length - readFileSync(join(cpupro, 'build/report.html')).length }
}

interface Times {
  paint: number
  usable: number
}

/** Milliseconds from the start of the navigation. Usable: the view is there and a click is answered. */
async function open(browser: Browser, { url, isReady }: Candidate): Promise<Times> {
  // The page's own policy forbids the evaluation of a string, which is how Playwright polls.
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true })
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(isReady, undefined, { polling: 'raf', timeout: 60_000 })
  const times = await page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    const usable = performance.now()
    const firstPaint = await new Promise<PerformanceEntry>((resolve) => {
      new PerformanceObserver((list) => {
        const [entry] = list.getEntriesByName('first-contentful-paint')
        if (entry) {
          resolve(entry)
        }
      }).observe({ type: 'paint', buffered: true })
    })
    return { paint: firstPaint.startTime, usable }
  })
  await page.close()
  return times
}

/** How long the charts take to be drawn once they are opened, and again while they are zoomed. */
async function reportFrames(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${origin()}/ours.html`)
  await page.getByRole('tree').waitFor()
  for (const view of ['Timeline', 'Flame graph']) {
    const opened = await page.evaluate(async (label) => {
      const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')]
      const started = performance.now()
      tab.find(({ textContent }) => textContent === label)!.click()
      for (let frame = 0; frame < 3; frame++) {
        await new Promise(requestAnimationFrame)
      }
      return performance.now() - started
    }, view)
    console.log(`${view} drawn ${opened.toFixed(0)} ms after the click`)
    if (view === 'Timeline') {
      const frames = await page.evaluate(async () => {
        const canvas = document.querySelector<HTMLElement>('.chart canvas')!
        const times: number[] = []
        for (let i = 0; i < 60; i++) {
          const zoom = { deltaY: i % 20 < 10 ? -80 : 80, clientX: 600, clientY: 500 }
          const started = performance.now()
          canvas.dispatchEvent(new WheelEvent('wheel', { ...zoom, cancelable: true }))
          await new Promise(requestAnimationFrame)
          await new Promise((resolve) => setTimeout(resolve))
          times.push(performance.now() - started)
        }
        return times
      })
      console.log(`a step of zooming is drawn in ${spread(frames)}`)
    }
  }
  await page.close()
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]!.toFixed(0)
  return `${at(0)} / ${at(0.5)} / ${at(1)} ms`
}
