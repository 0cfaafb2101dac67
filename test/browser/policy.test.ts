import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { profiler } from 'hono-profiler'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { htmlRenderer } from '../../src/render/html.ts'
import { Session } from '../../src/session.ts'
import { shopSession } from '../helpers/shop-session.ts'

const strict = secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } })

let browser: Browser
let server: ReturnType<typeof serve> | undefined

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  })
})

afterEach(() => {
  server?.close()
})

afterAll(async () => {
  await browser.close()
})

/** Opens a report of the application, through what stands in front of it. */
async function openReport(app: Hono, proxy = (response: Response) => response) {
  app.get('/', (c) => c.text('ok'))
  const fetch = async (request: Request) => proxy(await app.fetch(request))
  server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?profile=1`)
  return page
}

describe('under a policy of the application', () => {
  it.each([
    ['around the profiler', [strict, profiler()]],
    ['inside it', [profiler(), strict]],
  ])('the page works when secureHeaders is %s', async (_, middleware) => {
    const app = new Hono()
    app.use(...(middleware as [typeof strict]))
    const page = await openReport(app)
    await page.getByRole('tree').waitFor()
    expect(await page.getByText('has not run').count()).toBe(0)
  })

  it('the policy of other responses stays', async () => {
    const app = new Hono()
    app.use(strict, profiler())
    app.get('/', (c) => c.text('ok'))
    const response = await app.request('/')
    expect(response.headers.get('content-security-policy')).toBe(`default-src 'self'`)
  })

  it('the page works under a policy that asks for a nonce', async () => {
    const app = new Hono()
    const session = new Session(shopSession())
    app.get('/', (c) => {
      const policy = `script-src 'nonce-abc123'; style-src 'nonce-abc123'`
      const html = htmlRenderer({ nonce: 'abc123' }).render(session)
      return c.html(html, 200, { 'content-security-policy': policy })
    })
    await (await openReport(app)).getByRole('tree').waitFor()
  })

  it('the page says why it is blank when a proxy adds a policy that forbids its script', async () => {
    const app = new Hono()
    app.use(profiler())
    const page = await openReport(app, ({ body, headers }) => {
      const policies = [...headers, ['content-security-policy', `default-src 'self'`]]
      return new Response(body, { headers: policies as [string, string][] })
    })
    const text = await page.locator('.not-run').innerText()
    expect(text).toContain('Content-Security-Policy')
    expect(text).toMatch(/script-src 'sha256-.*'/)
    expect(await page.locator('.not-run').isVisible()).toBe(true)
  })
})
