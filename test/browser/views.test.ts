import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { shopSession } from '../helpers/shop-session.ts'
import { reportOpener } from './open-report.ts'

const open = reportOpener({ mayDownload: true })

const VIEWS = ['Call stack', 'Timeline', 'Flame graph', 'Functions', 'Source', 'Middleware']

const show = async (page: Page, name: string) => {
  await page.getByRole('tab', { name }).click()
  return page.getByRole('tabpanel', { name })
}

const spaced = (text: string) => text.replace(/\s+/g, ' ').trim()

describe('findings', () => {
  it('tell what stands out, and lead to what shows it', async () => {
    const page = await open(shopSession())
    const finding = page
      .getByRole('region', { name: 'What stands out' })
      .getByRole('button')
      .first()
    expect(await finding.innerText()).toContain('5 awaits one after another')
    await finding.click()
    await expect.poll(() => page.getByRole('tab', { selected: true }).innerText()).toBe('Timeline')
    expect(await page.locator('.details').innerText()).toMatch(/loadItem|handler/)
  })

  it('lead to where the request was blocked, although what blocked it is not in its tree', async () => {
    const data = buildSession('handler#2;[await] 20\nhandler#2;[blocked] 30', {
      blockers: [{ path: 'report@src/r.ts:3#7', start: 20, duration: 30 }],
    })
    const page = await open(data)
    await page.locator('.finding').click()
    await page.getByRole('tab', { name: 'Timeline', selected: true }).waitFor()
    expect(await page.locator('.details').innerText()).toContain('[blocked]')
    expect(await page.locator('.details').innerText()).toContain('20.0 ms to 50.0 ms')
  })

  it('say so when nothing does', async () => {
    const page = await open(buildSession('handler 2'))
    expect(await page.locator('.findings').innerText()).toContain('Nothing does')
  })
})

describe('functions', () => {
  const names = (page: Page) => page.locator('.function-rows .name').allInnerTexts()

  it('are sorted by their own time, and by what the reader asks for', async () => {
    const page = await open(shopSession())
    await show(page, 'Functions')
    expect(await names(page)).toEqual(['query', 'price', 'session', 'handler', 'loadItem'])
    const head = (name: string) => page.getByRole('columnheader', { name })
    expect(await head('Self').getAttribute('aria-sort')).toBe('descending')
    await head('Total').getByRole('button').click()
    await expect
      .poll(() => names(page))
      .toEqual(['session', 'handler', 'query', 'loadItem', 'price'])
    await head('Function').getByRole('button').click()
    await expect
      .poll(() => names(page))
      .toEqual(['handler', 'loadItem', 'price', 'query', 'session'])
    expect(await head('Function').getAttribute('aria-sort')).toBe('ascending')
  })

  it('show who calls the chosen one and what it calls, and lead there', async () => {
    const page = await open(shopSession())
    await show(page, 'Functions')
    await page.getByRole('row', { name: 'loadItem' }).click()
    const related = page.getByRole('complementary', { name: 'Callers and callees' })
    await expect
      .poll(async () => spaced(await related.innerText()))
      .toBe(
        'Called by 100.0 ms handler src/shop.ts:10 ' +
          'loadItem src/shop.ts:20 100.0 ms in total, 0.0 ms itself ' +
          'Calls 100.0 ms query pg/client.js:5'
      )
    await related.getByRole('button', { name: 'handler' }).click()
    await expect.poll(async () => spaced(await related.innerText())).toContain('180.0 ms in total')
  })

  it('are walked through by keyboard, and the call stack shows the same one', async () => {
    const page = await open(shopSession())
    await show(page, 'Functions')
    const grid = page.getByRole('grid', { name: 'Functions' })
    await grid.focus()
    const selected = grid.getByRole('row', { selected: true })
    for (const [key, name] of [
      ['ArrowDown', 'query'],
      ['ArrowDown', 'price'],
      ['End', 'loadItem'],
      ['ArrowUp', 'handler'],
      ['Home', 'query'],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(() => selected.innerText()).toContain(name)
    }
    expect(await grid.getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'))
    await show(page, 'Call stack')
    await expect
      .poll(() => page.getByRole('treeitem', { selected: true }).innerText())
      .toContain('query')
  })

  it('can be those of the application alone', async () => {
    const page = await open(shopSession())
    await show(page, 'Functions')
    await page.getByLabel('Your code only').check()
    await expect.poll(() => names(page)).not.toContain('query')
  })

  it('draw only rows in sight of thousands', async () => {
    const text = Array.from({ length: 3000 }, (_, i) => `f${i}@src/a.ts:${i + 1} 1`).join('\n')
    const page = await open(buildSession(text))
    await show(page, 'Functions')
    expect((await names(page)).length).toBeLessThan(120)
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await expect.poll(async () => (await names(page)).at(-1)).toBe('f2999')
  })
})

describe('middleware', () => {
  it('shows the chain with the own and the inclusive time of each', async () => {
    const page = await open(shopSession())
    const panel = await show(page, 'Middleware')
    const rows = await panel.locator('tbody tr').allInnerTexts()
    expect(rows.map(spaced)).toEqual([
      'session middleware 4.0 ms 2% 4.0 ms computing 184.0 ms',
      'GET /shop handler handler 180.0 ms 98% 80.0 ms computing, 100.0 ms waiting 180.0 ms',
    ])
    await panel.getByRole('button', { name: 'session' }).click()
    await expect.poll(() => panel.locator('tr.selected').innerText()).toContain('session')
  })

  it('says so when there is none', async () => {
    const page = await open(ordersSession())
    expect(await (await show(page, 'Middleware')).innerText()).toContain('No middleware')
  })
})

describe('source', () => {
  const lines = async (page: Page) =>
    (await page.locator('.source-lines tbody tr').allInnerTexts()).map(spaced)

  it('shows the hot lines with their times, and the text where there is one', async () => {
    const page = await open(shopSession())
    const panel = await show(page, 'Source')
    expect(
      (await panel.getByRole('navigation').getByRole('button').allInnerTexts()).map(spaced)
    ).toEqual(['100.0 ms src/shop.ts', '80.0 ms src/price.ts', '4.0 ms src/session.ts'])
    expect(await lines(page)).toEqual(['100.0 ms 21 loadItem'])
    await panel.getByRole('button', { name: 'src/price.ts' }).click()
    await expect
      .poll(() => lines(page))
      .toEqual([
        '1 export function price(items) {',
        '2 let sum = 0',
        '60.0 ms 3 for (const item of items) {',
        '20.0 ms 5 price',
      ])
    expect(await panel.locator('tbody a').nth(2).getAttribute('href')).toBe(
      'vscode://file/project/src/price.ts:3:1'
    )
  })

  it('keeps hostile lines as text', async () => {
    const data = shopSession()
    data.sources![0]!.lines[2] = `</script><img src=x onerror=alert(1)>\u202e${'x'.repeat(9000)}`
    const page = await open(data)
    const panel = await show(page, 'Source')
    await panel.getByRole('button', { name: 'src/price.ts' }).click()
    await expect.poll(async () => (await lines(page))[2]).toContain('onerror=alert(1)>\\u202exxx')
    expect(await page.locator('img').count()).toBe(0)
  })
})

describe('details', () => {
  it('tell the lines of a call, which open in the editor', async () => {
    const page = await open(shopSession())
    await page.getByRole('tree').getByText('handler').click()
    const times = page.locator('.details-times li')
    await expect
      .poll(async () => (await times.allInnerTexts()).slice(-2))
      .toEqual(['line 12 100.0 ms', 'line 14 80.0 ms'])
    expect(await times.last().locator('a').getAttribute('href')).toBe(
      'vscode://file/project/src/shop.ts:14:1'
    )
    await page.getByRole('tree').getByText('price', { exact: true }).click()
    await expect
      .poll(async () => (await times.allInnerTexts()).slice(-2))
      .toEqual(['line 3 60.0 ms', 'line 5 20.0 ms'])
    expect(await times.nth(-2).getAttribute('title')).toBe('for (const item of items) {')
  })
})

describe('focus', () => {
  it('shows one frame as the whole tree, with a way back', async () => {
    const page = await open(shopSession())
    const tree = page.getByRole('tree')
    await tree.getByText('loadItem').click()
    await page.getByRole('button', { name: 'Focus', exact: true }).click()
    await expect.poll(() => page.getByRole('treeitem').first().innerText()).toContain('loadItem')
    expect(await page.getByRole('treeitem').first().getAttribute('aria-level')).toBe('1')
    await page.getByRole('button', { name: 'Whole request' }).click()
    await expect.poll(() => page.getByRole('treeitem').first().innerText()).toContain('GET /shop')
    await tree.focus()
    await page.keyboard.press('f')
    await expect.poll(() => page.getByRole('treeitem').first().innerText()).toContain('loadItem')
    await page.goBack()
    await expect.poll(() => page.getByRole('treeitem').first().innerText()).toContain('GET /shop')
  })

  it('keeps what was opened while another view is shown', async () => {
    const page = await open(shopSession())
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await show(page, 'Functions')
    await show(page, 'Call stack')
    expect(await page.getByRole('treeitem').count()).toBe(1)
  })
})

describe('every view', () => {
  it.each([
    ['light', 1280],
    ['light', 400],
    ['dark', 1280],
    ['dark', 400],
  ] as const)('has nothing for axe to find, %s, %d pixels wide', async (colorScheme, width) => {
    const viewport = { width, height: 800 }
    const request = { method: 'POST', path: '/shop', status: 500, error: 'Error: out' }
    const data = shopSession({ notes: ['A note.'], request })
    const page = await open(data, { colorScheme, viewport })
    await page.locator('.finding').first().click()
    await page.getByRole('searchbox').fill('load')
    for (const view of VIEWS) {
      await show(page, view)
      await page.evaluate(axe.source)
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)[0]}`)
      })
      expect(found, view).toEqual([])
    }
  })

  it('fits 400 pixels, and breaks paths after slashes', async () => {
    const page = await open(shopSession(), { viewport: { width: 400, height: 800 } })
    for (const view of VIEWS) {
      await show(page, view)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth
      )
      expect(overflow, view).toBe(0)
    }
  })
})
