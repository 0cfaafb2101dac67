import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { AddressInfo } from 'node:net'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { htmlRenderer } from '../../src/render/html.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'

/** A report open in a browser, and everything that it should not have done. */
export interface OpenReport {
  page: Page
  /** Errors of the page, violations of its policy, and messages on the console. */
  problems: string[]
  /** URLs that the browser asked for. */
  requests: string[]
}

/** Serves reports behind Hono's `secureHeaders`, with the headers that the renderer asks for. */
export interface ReportBrowser {
  /** @param hash The part of the URL after the page's own, with its `#`. */
  open(data: SessionData, context?: BrowserContextOptions, hash?: string): Promise<OpenReport>
  close(): Promise<void>
}

export async function startReportBrowser(): Promise<ReportBrowser> {
  const renderer = htmlRenderer()
  let html = ''
  const app = new Hono()
  app.use(secureHeaders())
  app.get('/report', (c) => c.html(html, 200, renderer.headers))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/report`
  const browser: Browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  })
  return {
    async open(data, context = {}, hash = '') {
      html = renderer.render(new Session(data))
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...context })
      const report: OpenReport = { page, problems: [], requests: [] }
      watch(report)
      await page.goto(url + hash)
      return report
    },
    async close() {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Violations of the page's policy are messages on the console, too. */
function watch({ page, problems, requests }: OpenReport): void {
  page.on('pageerror', (error) => problems.push(String(error.stack)))
  page.on('console', (message) => problems.push(message.text()))
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => requests.push(request.url()))
}
