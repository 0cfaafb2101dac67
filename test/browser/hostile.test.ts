import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import { buildSession } from '../helpers/build-session.ts'
import { shopSession } from '../helpers/shop-session.ts'
import { reportOpener } from './open-report.ts'

const open = reportOpener({ mayDownload: true })

const VIEWS = ['Call stack', 'Timeline', 'Flame graph', 'Functions', 'Source', 'Middleware']
/** Markup, quotes, a right-to-left override and an isolate, controls, and what ends lines of script. */
const HOSTILE =
  '</script><img src=x onerror=alert(1)><!--"\'`${1}\u202e\u2066\u0000\u0007\u009b\u2028&lt;'
const LONG = `${HOSTILE}${'x'.repeat(10_000)}`
/** What may not be shown: formatting that reorders text, and controls. */
const UNSEEN = /[\p{Cf}\u2028\u2029]|(?!\n|\t)\p{Cc}/u

/** Every text that a session can carry is hostile. */
function hostileShop(): SessionData {
  const data = shopSession({
    description: LONG,
    runtime: HOSTILE,
    runtimeVersion: HOSTILE,
    request: {
      method: HOSTILE,
      path: `/${LONG}?a=javascript:alert(1)`,
      route: LONG,
      status: 500,
      error: `${LONG}\n    at ${HOSTILE}`,
    },
    notes: [LONG, HOSTILE],
    fidelity: { cpu: HOSTILE, waits: LONG },
  })
  for (const [i, record] of data.functions.entries()) {
    record.name = i % 2 === 0 ? `${LONG}${i}` : HOSTILE
    record.fileShort = record.file = `${i % 2 === 0 ? 'javascript:' : '/'}${LONG}${i}`
    record.package &&= HOSTILE
  }
  for (const part of [...data.waits, ...data.spans]) {
    part.name = LONG
  }
  for (const source of data.sources!) {
    source.file = data.functions[0]!.file
    source.lines = source.lines.map(() => LONG)
  }
  return data
}

/** Nothing of the text has become an element, an address that runs, or unseen. */
async function expectHarmless(page: Page, what: string): Promise<void> {
  expect(await page.locator('img, iframe, #report script').count(), what).toBe(0)
  expect(await page.locator('a[href^="javascript:" i]').count(), what).toBe(0)
  expect(await page.locator('body').innerText(), what).not.toMatch(UNSEEN)
  const labels = await page
    .locator('[title], [aria-label]')
    .evaluateAll((all) =>
      all.flatMap((each) => [each.getAttribute('title') ?? '', each.ariaLabel ?? ''])
    )
  expect(labels.join('\n'), what).not.toMatch(UNSEEN)
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement)
  expect(scrollWidth, `${what} is no wider than the window`).toBe(clientWidth)
}

describe('hostile names, paths, URLs and errors', () => {
  it.each([1280, 400])('are text in every view, %d pixels wide', async (width) => {
    const page = await open(hostileShop(), { viewport: { width, height: 800 } })
    expect(await page.title()).not.toMatch(UNSEEN)
    for (const view of VIEWS) {
      await page.getByRole('tab', { name: view }).click()
      const panel = page.getByRole('tabpanel', { name: view })
      for (const part of await panel.locator('canvas, [role=row], [role=treeitem]').all()) {
        await part.click({ position: { x: 60, y: 12 }, force: true })
      }
      await expectHarmless(page, view)
    }
    for (const finding of await page.locator('.finding, .hot-line').all()) {
      await finding.click()
      await expectHarmless(page, 'a finding')
    }
  })

  it('are searched for, and copied', async () => {
    const page = await open(hostileShop(), { permissions: ['clipboard-read', 'clipboard-write'] })
    for (const search of [HOSTILE, '</script><img src=x onerror=alert(1)>', '/(/', '/^<.script/']) {
      await page.getByRole('searchbox').fill(search)
      await page.keyboard.press('Enter')
      await expectHarmless(page, search)
    }
    await page.getByText('Take along').click()
    await page.getByRole('button', { name: 'Copy as Markdown' }).click()
    await page.getByText('Copied the report as Markdown.').waitFor()
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Session/ }).click()
    expect((await coming).suggestedFilename()).toMatch(/^[\w.-]{1,120}$/)
  })

  it('do no harm in the hash of a link', async () => {
    const hash = `#view=${encodeURIComponent(HOSTILE)}&at=__proto__&search=${encodeURIComponent(HOSTILE)}&from=1e999&to=NaN&finding=-1`
    const page = await open(shopSession(), {}, hash)
    await expectHarmless(page, 'a link')
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Call stack')
  })
})

describe('stacks of 5,000 frames', () => {
  it('are shown and selected in every view', async () => {
    const path = Array.from({ length: 5000 }, (_, i) => `f${i}@src/a.ts:${i + 1}`).join(';')
    const page = await open(
      buildSession(`${path};[await] 50\n${path} 50`, {
        waits: [{ path, start: 0, end: 50 }],
        spans: [{ name: 'a', kind: 'middleware', start: 0, end: 100 }],
      })
    )
    await page.locator('.hot-line').first().click()
    for (const view of VIEWS) {
      await page.getByRole('tab', { name: view }).click()
      await page.getByRole('tabpanel', { name: view }).waitFor()
      await expectHarmless(page, view)
    }
    await page.getByRole('tab', { name: 'Call stack' }).click()
    await expect
      .poll(() => page.getByRole('treeitem', { selected: true }).innerText())
      .toContain('f4999')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    expect(await page.locator('.details').innerText()).toContain('f4999')
  })
})
