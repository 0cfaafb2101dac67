import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { rendererFor } from '../../src/render/index.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { deepSession } from '../helpers/hostile-session.ts'
import { selfTimes } from '../helpers/self-times.ts'
import { ordersSession } from '../render/orders.ts'

/** What opens the exports: pages of other makers, in a real browser. */
const viewer = (path: string): string => {
  const file = createRequire(import.meta.url).resolve(path)
  return pathToFileURL(file).href
}

let browser: Browser
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hono-profiler-viewers-'))
  browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  })
})

afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

async function fileOf(format: 'speedscope' | 'cpuprofile', data: SessionData): Promise<string> {
  const renderer = rendererFor(format)
  const path = join(folder, `orders.${renderer.extension}`)
  await writeFile(path, renderer.render(new Session(data)))
  return path
}

/** Opens a page and gives what it reports as an error. */
async function open(url: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('dialog', (dialog) => {
    errors.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, errors }
}

/** Text, since the page imports by itself: sums up what the data model of DevTools closes. */
const DEVTOOLS_TIMES = `async (text) => {
  const { CPUProfileDataModel } = await import('devtools://devtools/bundled/models/cpu_profile/cpu_profile.js')
  const model = new CPUProfileDataModel.CPUProfileDataModel(JSON.parse(text))
  const sums = {}
  model.forEachFrame(
    () => undefined,
    (depth, { functionName }, sample, at, ms, self) => {
      sums[functionName] = (sums[functionName] ?? 0) + self
    }
  )
  return sums
}`

describe('Chrome DevTools', () => {
  /** Self time by function, in microseconds, as the data model of DevTools itself has it. */
  async function devToolsTimes(data: SessionData): Promise<Record<string, number>> {
    const { page } = await open('devtools://devtools/bundled/devtools_app.html')
    const profile = rendererFor('cpuprofile').render(new Session(data)) as string
    const times = await page.evaluate<Record<string, number>>(
      `(${DEVTOOLS_TIMES})(${JSON.stringify(profile)})`
    )
    await page.close()
    const rounded = Object.entries(times).map(
      ([name, ms]) => [name, Math.round(ms * 1000)] as const
    )
    return Object.fromEntries(rounded.filter(([, us]) => us > 0))
  }

  it.each([
    ['a request', ordersSession()],
    ['a stack of 5,000 frames', deepSession],
  ])('has the time of every function and state of %s', async (_what, data) => {
    expect(await devToolsTimes(data)).toEqual({ ...selfTimes(data) })
  })
})

describe('speedscope', () => {
  it.each(['speedscope', 'cpuprofile'] as const)('opens the %s file', async (format) => {
    const { page, errors } = await open(viewer('speedscope/dist/release/index.html'))
    await page.setInputFiles('input[type=file]', await fileOf(format, ordersSession()))
    await page.getByText('Sandwich').click()
    const rows = page.locator('tr', { hasText: 'ms' })
    await rows.first().waitFor()
    const texts = await rows.allInnerTexts()
    const row = (name: string): string =>
      texts
        .find((text) => text.includes(name))
        ?.replace(/\s+/g, ' ')
        .trim() ?? ''
    expect(row('formatPrice')).toBe('84.00ms (28%) 84.00ms (28%) formatPrice')
    expect(row('loadOrders')).toMatch(/125\.00ms \(42%\)/)
    expect(row('[blocked]')).toMatch(/^58\.00ms \(19%\)/)
    expect(errors).toEqual([])
    await page.close()
  })
})

describe('cpupro', () => {
  it('opens the .cpuprofile', async () => {
    const { page, errors } = await open(viewer('cpupro/build/app.html'))
    const chooser = page.waitForEvent('filechooser')
    await page.getByText('Open file…').click()
    await (await chooser).setFiles(await fileOf('cpuprofile', ordersSession()))
    await page.getByText('Profiling time').waitFor()
    const text = (await page.locator('.discovery-content').innerText()).replace(/\s+/g, ' ')
    expect(text).toMatch(/Profiling time 300\.0ms/)
    expect(text).toContain(' 84.0 28.0% 84.0 28.0% formatPrice ')
    expect(text).toContain(' 58.0 19.3% 58.0 19.3% (internals)[blocked] ')
    expect(text).toContain(' 5.0 1.7% 35.0 11.7% loadCustomer ')
    expect(errors).toEqual([])
    await page.close()
  })
})
