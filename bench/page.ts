/**
 * How large the report page is and how soon it can be used, beside two other viewers of CPU profiles that open
 * the same samples in the same browser.
 */
import type { Browser, Page } from 'playwright-core'
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
import { Session, htmlRenderer } from 'hono-profiler'
import { chromiumPath } from '../scripts/chromium.mjs'
import type { Row } from './measure.ts'
import { formatted, inTurns, median } from './measure.ts'
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

const SAMPLES = 1_000_000
const STACKS = 25_000
const ROUNDS = 5

/** For what a browser opens: what serves files of a folder, and where. */
interface Served {
  folder: string
  origin: string
}

const require = createRequire(import.meta.url)
const speedscopeFolder = join(dirname(require.resolve('speedscope/package.json')), 'dist/release')

export async function* rows(): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'page-bench-'))
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(readFileSync(join(folder, pathname)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const served = { folder, origin: `http://127.0.0.1:${port}` }
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--allow-file-access-from-files'],
  })
  try {
    yield* pages(browser, served)
    yield* charts(browser, served)
  } finally {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true })
  }
}

async function* pages(browser: Browser, served: Served): AsyncGenerator<Row> {
  const { candidates, page } = prepare(served)
  const usable = await inTurns(
    ROUNDS,
    Object.fromEntries(candidates.map((each) => [each.name, () => open(browser, each)]))
  )
  const [ours, ...peers] = candidates.map(
    ({ name, bytes }) =>
      `${formatted(median(usable[name]!), ' ms')}, ${(bytes / 1e6).toFixed(2)} MB of samples`
  )
  yield {
    what: `the page of ${SAMPLES / 1e6} M samples and ${STACKS / 1000} k stacks`,
    measured: page,
    beside: '',
    reach: '1 MB',
  }
  yield {
    what: `the page of ${SAMPLES / 1e6} M samples and ${STACKS / 1000} k stacks, until a click is answered`,
    measured: ours!,
    beside: peers.map((text, i) => `${candidates[i + 1]!.name} ${text}`).join('; '),
    reach: '0.6 s',
  }
}

function prepare({ folder, origin }: Served): { candidates: Candidate[]; page: string } {
  const data = largeSession(SAMPLES, STACKS)
  const startMs = performance.now()
  const html = htmlRenderer().render(new Session(data))
  const page = `rendered in ${formatted(performance.now() - startMs, ' ms')}, ${(html.length / 1e6).toFixed(2)} MB, gzipped ${(gzipSync(html).length / 1e6).toFixed(2)} MB`
  const size = /id="session">(.*)<\/script>/.exec(html)![1]!.length
  writeFileSync(join(folder, 'ours.html'), html)
  const profile = cpuProfileOf(data)
  const { bytes } = writeCpupro(folder, profile)
  const script = `speedscope.loadFileFromBase64("p.cpuprofile", "${Buffer.from(profile).toString('base64')}")`
  writeFileSync(join(folder, 'profile.js'), script)
  const candidates = [
    {
      name: 'hono-profiler',
      url: `${origin}/ours.html`,
      bytes: size,
      isReady: `document.querySelectorAll('[role=treeitem]').length > 1`,
    },
    {
      name: 'cpupro',
      url: `${origin}/cpupro.html`,
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
  return { candidates, page }
}

/** The report that cpupro makes. That of 0.7.0 waits for a loader that it does not have; here the data is pushed. */
function writeCpupro(folder: string, profile: string): { bytes: number } {
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

/** Milliseconds from the start of the navigation until the view is there and a click is answered. */
async function open(browser: Browser, { url, isReady }: Candidate): Promise<number> {
  // The page's own policy forbids the evaluation of a string, which is how Playwright polls.
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true })
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(isReady, undefined, { polling: 'raf', timeout: 60_000 })
  const usableMs = await page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    return performance.now()
  })
  await page.close()
  return usableMs
}

/** How long the charts take to be drawn once they are opened, and the timeline again while it is zoomed. */
async function* charts(browser: Browser, { origin }: Served): AsyncGenerator<Row> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${origin}/ours.html`)
  await page.getByRole('tree').waitFor()
  const drawn = [await drawnMs(page, 'Timeline')]
  const steps = await page.evaluate(async () => {
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
  drawn.push(await drawnMs(page, 'Flame graph'))
  await page.close()
  yield {
    what: 'its timeline, and its flame graph, drawn after the click',
    measured: drawn.map((ms) => formatted(ms, ' ms')).join(', '),
    beside: '',
    reach: '',
  }
  yield {
    what: 'a step of zooming its timeline',
    measured: formatted(median(steps), ' ms'),
    beside: '',
    reach: '',
  }
}

async function drawnMs(page: Page, view: string): Promise<number> {
  return page.evaluate(async (label) => {
    const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')]
    const started = performance.now()
    tabs.find(({ textContent }) => textContent === label)!.click()
    for (let frame = 0; frame < 3; frame++) {
      await new Promise(requestAnimationFrame)
    }
    return performance.now() - started
  }, view)
}
