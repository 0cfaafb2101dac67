import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { cpuProfileRenderer } from '../../src/render/cpuprofile.ts'
import { foldedRenderer } from '../../src/render/folded.ts'
import { pprofRenderer } from '../../src/render/pprof.ts'
import { speedscopeRenderer } from '../../src/render/speedscope.ts'
import { Session } from '../../src/session.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { shopSession } from '../helpers/shop-session.ts'
import { reportOpener } from './open-report.ts'

const open = reportOpener({ mayDownload: true })

const box = (page: Page) => page.getByRole('searchbox', { name: 'Search names and files' })
const result = (page: Page) => page.locator('#search-result')
const hashOf = (page: Page) => page.evaluate(() => location.hash)
const selectedRow = (page: Page) => page.getByRole('treeitem', { selected: true })

describe('search', () => {
  it('counts what matches, and dims and marks in the tree', async () => {
    const page = await open(ordersSession())
    await page.keyboard.press('/')
    await page.keyboard.type('PRICING')
    await expect.poll(() => result(page).innerText()).toBe('2 matches, 58.3 ms, 15%')
    expect(
      await page.getByRole('treeitem', { name: 'priceOrders' }).getAttribute('class')
    ).not.toContain('dimmed')
    expect(await page.getByRole('treeitem', { name: 'loadItems' }).getAttribute('class')).toContain(
      'dimmed'
    )
    await box(page).fill('priceO')
    await expect.poll(() => page.locator('mark').allInnerTexts()).toEqual(['priceO'])
    await page.keyboard.press('Escape')
    await expect.poll(() => result(page).innerText()).toBe('')
    expect(await page.locator('.dimmed').count()).toBe(0)
  })

  it('takes regular expressions, and tells of those that are none', async () => {
    const page = await open(ordersSession())
    await box(page).fill('/^load(Items|Rates)$/')
    await expect.poll(() => result(page).innerText()).toMatch(/^2 matches, 222\.4 ms/)
    await box(page).fill('/load(/')
    await expect.poll(() => result(page).innerText()).toMatch(/Unterminated group/)
    expect(await box(page).getAttribute('aria-invalid')).toBe('true')
    await box(page).fill('nowhere.to(be')
    await expect.poll(() => result(page).innerText()).toBe('no match')
  })

  it('goes from match to match with Enter', async () => {
    const page = await open(ordersSession())
    await box(page).fill('/^load/')
    const names: string[] = []
    for (const key of ['Enter', 'Enter', 'Enter', 'Enter', 'Shift+Enter']) {
      await page.keyboard.press(key)
      names.push(await selectedRow(page).locator('.name').innerText())
    }
    expect(names).toEqual(['loadItems', 'loadRates', 'loadStock', 'loadItems', 'loadStock'])
  })

  it('filters the functions and the files', async () => {
    const page = await open(ordersSession())
    await box(page).fill('rates')
    await page.getByRole('tab', { name: 'Functions' }).click()
    await expect
      .poll(() => page.locator('.function-rows .name').allInnerTexts())
      .toEqual(['loadRates'])
    await page.getByRole('tab', { name: 'Source' }).click()
    await expect.poll(() => page.locator('.source-path').allInnerTexts()).toEqual(['src/rates.ts'])
  })
})

describe('links', () => {
  it('carry view, selection, focus and search, and are followed', async () => {
    const page = await open(ordersSession())
    await page.getByRole('tree').getByText('applyDiscounts').click()
    await box(page).fill('round')
    await expect.poll(() => hashOf(page)).toMatch(/^#at=\w+&search=round$/)
    await page.getByRole('tab', { name: 'Functions' }).click()
    const hash = await hashOf(page)
    expect(hash).toMatch(/^#view=functions&at=\w+&search=round$/)
    const again = await open(ordersSession(), {}, hash)
    expect(await again.getByRole('tab', { selected: true }).innerText()).toBe('Functions')
    expect(await box(again).inputValue()).toBe('round')
    expect(await again.locator('.chosen b').innerText()).toBe('applyDiscounts')
    await again.evaluate(() => {
      location.hash = '#view=call-stack'
    })
    await again.getByRole('tree').waitFor()
    expect(await box(again).inputValue()).toBe('')
    expect(await selectedRow(again).count()).toBe(0)
    await page.context().close()
  })

  it('are undone by Back', async () => {
    const page = await open(ordersSession())
    await page.getByRole('tab', { name: 'Source' }).click()
    await page.goBack()
    await expect
      .poll(() => page.getByRole('tab', { selected: true }).innerText())
      .toBe('Call stack')
  })

  it('that lead nowhere show the report as it is at first', async () => {
    const page = await open(ordersSession(), {}, '#view=none&at=zzz.x&focus=!&from=a&to=-1&%')
    expect(await page.getByRole('treeitem').first().innerText()).toContain('GET /orders')
  })
})

describe('places', () => {
  it('open in the editor that was chosen', async () => {
    const page = await open(ordersSession())
    await page.getByRole('tree').getByText('applyDiscounts').click()
    const link = page.locator('.place-tools a')
    expect(await link.getAttribute('href')).toBe('vscode://file/project/src/pricing.ts:40:1')
    await page.getByText('Settings').click()
    await page.getByLabel('Editor').selectOption('zed')
    expect(await link.getAttribute('href')).toBe('zed://file/project/src/pricing.ts:40:1')
    await page.getByLabel('Editor').selectOption('custom')
    await page.getByLabel('Its address for a line').fill('javascript:alert("{file}")')
    await page.getByText(/Starts with the scheme/).waitFor()
    expect(await link.count()).toBe(0)
    await page.getByLabel('Its address for a line').fill('subl://open?url={file}&line={line}')
    expect(await link.getAttribute('href')).toBe(
      'subl://open?url=%2Fproject%2Fsrc%2Fpricing.ts&line=40'
    )
    await page.getByLabel('Editor').selectOption('none')
    expect(await page.locator('a.place').count()).toBe(0)
  })

  it('are copied', async () => {
    const page = await open(ordersSession(), { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('tree').getByText('applyDiscounts').click()
    await page.getByRole('button', { name: 'Copy place' }).click()
    await page.getByText('Copied /project/src/pricing.ts:40:1').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      '/project/src/pricing.ts:40:1'
    )
  })
})

describe('settings', () => {
  it('choose the colours whatever the system says, and are kept', async () => {
    const page = await open(ordersSession(), { colorScheme: 'light' })
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    await page.getByText('Settings').click()
    await page.getByLabel('Colours').selectOption('dark')
    await expect.poll(background).not.toBe(light)
    const dark = await background()
    await page.reload()
    await expect.poll(background).toBe(dark)
  })

  it('close with Escape, and by a click elsewhere', async () => {
    const page = await open(ordersSession())
    await page.getByText('Settings').click()
    const colours = page.getByLabel('Colours')
    await colours.waitFor()
    await page.keyboard.press('Escape')
    await colours.waitFor({ state: 'hidden' })
    await page.getByText('Settings').click()
    await page.locator('.totals').click()
    await colours.waitFor({ state: 'hidden' })
  })
})

describe('take along', () => {
  it('saves the session as a file that can be read back', async () => {
    const data = shopSession()
    const page = await open(data)
    await page.getByText('Take along').click()
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Session/ }).click()
    const file = await coming
    expect(file.suggestedFilename()).toBe('GET-shop-2026-11-23-14-03-22.json')
    const json = await readFile(await file.path(), 'utf8')
    expect(Session.fromJSON(json).toJSON()).toEqual(data)
  })

  it('saves the formats of other tools, as the server renders them', async () => {
    const data = shopSession()
    const page = await open(data)
    await page.getByText('Take along').click()
    const save = async (name: string) => {
      const coming = page.waitForEvent('download')
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
      const file = await coming
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
    }
    for (const [label, renderer] of [
      ['speedscope', speedscopeRenderer()],
      ['cpuprofile', cpuProfileRenderer()],
      ['pprof', pprofRenderer()],
      ['Folded stacks', foldedRenderer()],
    ] as const) {
      const { name, bytes } = await save(label)
      expect(name).toBe(`GET-shop-2026-11-23-14-03-22.${renderer.extension}`)
      expect(bytes, label).toEqual(Buffer.from(renderer.render(new Session(data))))
    }
  })

  it('copies Markdown and the link', async () => {
    const page = await open(shopSession(), { permissions: ['clipboard-read', 'clipboard-write'] })
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await page.getByText('Take along').click()
    await page.getByRole('button', { name: 'Copy as Markdown' }).click()
    await page.getByText('Copied the report as Markdown.').waitFor()
    expect(await copied()).toMatch(/^# `GET \/shop\?q=1 → 200`/)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied the link.').waitFor()
    expect(await copied()).toBe(page.url())
  })
})
