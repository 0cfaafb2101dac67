import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { drawn } from './canvas.ts'
import { reportOpener } from './open-report.ts'

const openReport = reportOpener()

async function open(
  data: SessionData = ordersSession(),
  context?: Parameters<typeof openReport>[1]
): Promise<Page> {
  const page = await openReport(data, context)
  await page.getByRole('tree').waitFor()
  return page
}

/** What each row that is drawn says: its time, name and place, and what is folded into it. */
const rowTexts = (page: Page): Promise<string[]> =>
  page.getByRole('treeitem').evaluateAll((rows) =>
    rows.map((row) =>
      ['.row-time', '.name', '.location', '.fold']
        .map((part) => row.querySelector(part)?.textContent)
        .filter(Boolean)
        .join(' ')
    )
  )

const selectedRow = (page: Page) => page.getByRole('treeitem', { selected: true })
const details = (page: Page) => page.locator('.details')

describe('header', () => {
  it('answers what was profiled, how it went and where the time went', async () => {
    const page = await open()
    expect(await page.title()).toBe('386.8 ms - GET /orders?limit=20 - hono-profiler')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(
      /GET\s*\/orders\?limit=20\s*200/
    )
    const totals = page.getByRole('region', { name: 'Duration by state' })
    const text = (await totals.innerText()).replace(/\s+/g, ' ')
    expect(text).toBe(
      '386.8 ms Computing 91.3 ms 24% Garbage collection 5.8 ms 1% Waiting 270.0 ms 70% Blocked 19.7 ms 5%'
    )
  })

  it('draws the bar in proportion', async () => {
    const page = await open()
    const widths = await page
      .locator('.totals .split-part')
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width))
    const whole = widths.reduce((sum, width) => sum + width, 0)
    expect(widths.map((width) => Math.round((width / whole) * 100))).toEqual([24, 1, 70, 5])
  })

  it('shows the error, notes and the cost of recording', async () => {
    const request = {
      method: 'POST',
      path: '/orders',
      status: 500,
      error: 'Error: out\u202e\n    at stock',
    }
    const page = await open(ordersSession({ request, notes: ['The limit was reached.'] }))
    expect(await page.locator('.error').innerText()).toBe('Error: out\\u202e\n    at stock')
    expect(await page.locator('.note').innerText()).toBe('The limit was reached.')
    await page.getByText('How this was measured').click()
    expect(await page.locator('.measurement').innerText()).toContain('9.7 ms, not in the duration')
  })

  it('names the lines that took most, and shows the chosen one in the open view', async () => {
    const page = await open()
    const lines = page.getByRole('region', { name: 'Your lines that took most' })
    const first = lines.getByRole('button').first()
    expect((await first.innerText()).replace(/\s+/g, ' ')).toBe(
      '177.0 ms src/routes/orders.ts:64 loadItems 90% waiting'
    )
    await lines.getByRole('button', { name: 'applyDiscounts' }).click()
    await expect.poll(() => selectedRow(page).innerText()).toContain('applyDiscounts')
    expect(await details(page).innerText()).toContain('/project/src/pricing.ts:40:1')
  })
})

describe('call stack', () => {
  it('shows the tree with times, library frames folded', async () => {
    const page = await open()
    expect((await rowTexts(page)).slice(0, 10)).toEqual([
      '386.8 ms GET /orders',
      '386.8 ms runRequest node:internal/async_hooks:120 1 frame hidden: node:internal, hono',
      '386.8 ms logger src/middleware/logger.ts:8',
      '385.9 ms dispatch hono/compose.js:14',
      '385.9 ms requireUser src/middleware/auth.ts:12',
      '367.8 ms dispatch hono/compose.js:14',
      '367.8 ms listOrders src/routes/orders.ts:31',
      '177.0 ms loadItems src/routes/orders.ts:62',
      '169.0 ms query pg/lib/client.js:526 1 frame hidden: pg',
      '8.0 ms parseRow pg/lib/result.js:70',
    ])
  })

  it('unfolds and folds a group', async () => {
    const page = await open()
    const query = page.getByRole('treeitem', { name: /169.0 ms.*query/ })
    await query.getByText('1 frame hidden: pg').click()
    await page.getByRole('treeitem', { name: '_pulse' }).waitFor()
    await query.getByText('fold', { exact: true }).click()
    await page.getByRole('treeitem', { name: '_pulse' }).waitFor({ state: 'detached' })
  })

  it('is used by keyboard alone', async () => {
    const page = await open()
    await page.getByRole('tree').focus()
    const press = async (key: string, expected: string) => {
      await page.keyboard.press(key)
      await expect.poll(() => selectedRow(page).innerText()).toContain(expected)
    }
    await press('ArrowDown', 'runRequest')
    await press('ArrowRight', 'logger')
    await press('End', 'jwtVerify')
    await press('Home', 'GET /orders')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(async () => (await rowTexts(page)).length).toBe(1)
    await page.keyboard.press('Alt+ArrowRight')
    await expect.poll(async () => (await rowTexts(page)).length).toBeGreaterThan(15)
    const active = await page.getByRole('tree').getAttribute('aria-activedescendant')
    expect(await selectedRow(page).getAttribute('id')).toBe(active)
  })

  it('collapses and expands everything', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await expect.poll(async () => (await rowTexts(page)).length).toBe(1)
    await page.getByRole('button', { name: 'Expand all' }).click()
    await expect.poll(async () => (await rowTexts(page)).length).toBeGreaterThan(15)
  })

  it('leaves out small frames, tells percent, and shows libraries, as chosen', async () => {
    const page = await open()
    await page.getByLabel('Leave out below').selectOption('0.05')
    await page.getByLabel('Time in').selectOption('percent')
    await page.getByLabel('Fold library frames').uncheck()
    const texts = await rowTexts(page)
    expect(texts).toContain('43.7% _pulse pg/lib/client.js:482')
    expect(texts.every((text) => parseFloat(text) >= 5)).toBe(true)
  })

  it('folds by path, and says what is wrong with an expression', async () => {
    const page = await open()
    await page.getByText('Fold by path').click()
    const hide = page.getByLabel('Fold also files that match')
    await hide.fill('src/pricing')
    await page
      .getByRole('treeitem', { name: 'priceOrders' })
      .getByText('1 frame hidden: src')
      .waitFor()
    await page.getByLabel('Never fold files that match').fill('node_modules/pg')
    await page.getByRole('treeitem', { name: '_pulse' }).first().waitFor()
    await hide.fill('src/(')
    await page.getByText(/Unterminated group/).waitFor()
    expect(await hide.getAttribute('aria-invalid')).toBe('true')
  })
})

describe('timeline', () => {
  const chartOf = (page: Page) => page.locator('.chart canvas')

  async function openTimeline(context?: Parameters<typeof openReport>[1]): Promise<Page> {
    const page = await open(ordersSession(), context)
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await drawn(page)
    return page
  }

  const image = async (page: Page) => {
    await drawn(page)
    return chartOf(page).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  }

  /** Where a time and a depth are, from the corner of the chart as it is at first. */
  async function positionOf(page: Page, ms: number, depth: number) {
    const { width } = (await chartOf(page).boundingBox())!
    return { x: (ms / 386.8) * width, y: 22 + depth * 20 + 10 }
  }

  it('names what is under the pointer', async () => {
    const page = await openTimeline()
    await chartOf(page).hover({ position: await positionOf(page, 330, 8) })
    const tooltip = page.locator('.tooltip')
    await tooltip.waitFor()
    expect((await tooltip.innerText()).split('\n')).toEqual([
      'priceOrders',
      '58.3 ms, self 7.1 ms',
      'src/pricing.ts:18',
    ])
    await page.mouse.move(5, 5)
    await tooltip.waitFor({ state: 'detached' })
  })

  it('selects by click, and the call stack then shows the same call', async () => {
    const page = await openTimeline()
    await chartOf(page).click({ position: await positionOf(page, 260, 8) })
    await expect.poll(() => details(page).innerText()).toContain('loadRates')
    expect(await details(page).innerText()).toContain('44.0 ms waiting')
    await page.getByRole('tab', { name: 'Call stack' }).click()
    await expect.poll(() => selectedRow(page).innerText()).toContain('loadRates')
  })

  it('draws waiting paler than computing', async () => {
    const page = await openTimeline()
    const { y } = await positionOf(page, 0, 7)
    const pixels = await chartOf(page).evaluate((canvas, top) => {
      const { width } = canvas as HTMLCanvasElement
      return [
        ...(canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, top, width, 1).data,
      ]
    }, y)
    const colourAt = (ms: number) => {
      const pixel = Math.round((ms / 386.8) * 1280) * 4
      return pixels.slice(pixel, pixel + 4)
    }
    const [waiting, computing] = [colourAt(270), colourAt(335)]
    expect(computing).toEqual([0xf6, 0xb2, 0x5c, 0xff])
    expect(waiting[2]).toBeGreaterThan(computing[2]! + 50)
  })

  it('zooms and moves by wheel, drag and keyboard, and goes back', async () => {
    const page = await openTimeline()
    const chart = chartOf(page)
    await chart.focus()
    const whole = await image(page)
    const steps: [string, () => Promise<unknown>][] = [
      ['wheel', () => page.mouse.wheel(0, -400)],
      ['plus', () => page.keyboard.press('+')],
      ['right', () => page.keyboard.press('ArrowRight')],
      ['drag', () => drag(page, 100)],
    ]
    await chart.hover({ position: { x: 300, y: 150 } })
    let last = whole
    for (const [name, act] of steps) {
      await act()
      const now = await image(page)
      expect(now, name).not.toBe(last)
      last = now
    }
    await page.mouse.move(5, 5)
    await page.keyboard.press('0')
    expect(await image(page)).toBe(whole)
  })

  async function drag(page: Page, by: number) {
    const { x, y } = (await chartOf(page).boundingBox())!
    await page.mouse.move(x + 500, y + 150)
    await page.mouse.down()
    await page.mouse.move(x + 500 + by, y + 150, { steps: 4 })
    await page.mouse.up()
  }

  it('keeps the time under the pointer while the wheel zooms', async () => {
    const page = await openTimeline()
    const position = await positionOf(page, 318, 12)
    await chartOf(page).hover({ position })
    const tooltip = page.locator('.tooltip b')
    await expect.poll(() => tooltip.innerText()).toBe('JSON.parse')
    await page.mouse.wheel(0, -1500)
    await chartOf(page).hover({ position: { x: position.x + 1, y: position.y } })
    expect(await tooltip.innerText()).toBe('JSON.parse')
  })

  it('pinches', async () => {
    const page = await openTimeline({ hasTouch: true })
    const whole = await image(page)
    const { x, y } = (await chartOf(page).boundingBox())!
    const client = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((at, id) => ({ x: x + at, y: y + 100, id })),
      })
    await touch('touchStart', 400, 500)
    await touch('touchMove', 300, 600)
    await touch('touchMove', 200, 700)
    await touch('touchEnd')
    expect(await image(page)).not.toBe(whole)
  })

  it('selects by keyboard and zooms to the selection', async () => {
    const page = await openTimeline()
    await chartOf(page).focus()
    const press = async (key: string, expected: string) => {
      await page.keyboard.press(key)
      await expect.poll(() => details(page).innerText()).toContain(expected)
    }
    await press('Shift+ArrowDown', 'GET /orders')
    await press('Shift+ArrowDown', 'runRequest')
    await press('Shift+ArrowUp', 'GET /orders')
    const before = await image(page)
    for (const name of ['runRequest', 'dispatch', 'logger', 'dispatch', 'requireUser', 'verify']) {
      await press('Shift+ArrowDown', name)
    }
    await page.keyboard.press('Enter')
    expect(await image(page)).not.toBe(before)
    await press('Escape', 'Wheel, pinch')
  })

  it('shows application code alone', async () => {
    const page = await openTimeline()
    await page.getByLabel('Your code only').check()
    await drawn(page)
    await chartOf(page).hover({ position: await positionOf(page, 330, 4) })
    await expect.poll(() => page.locator('.tooltip b').innerText()).toBe('priceOrders')
  })

  it('has a pixel for each of the screen, also when the window changes', async () => {
    const page = await openTimeline({ deviceScaleFactor: 2 })
    const size = () =>
      chartOf(page).evaluate((canvas) => {
        const { width, height, clientWidth, clientHeight } = canvas as HTMLCanvasElement
        return [width / clientWidth, height / clientHeight, clientWidth]
      })
    expect(await size()).toEqual([2, 2, 1280])
    await page.setViewportSize({ width: 900, height: 700 })
    await expect.poll(size).toEqual([2, 2, 900])
  })

  it('marks a range on the minimap', async () => {
    const page = await openTimeline()
    const whole = await image(page)
    const { x, y } = (await page.locator('.minimap').boundingBox())!
    await page.mouse.move(x + 200, y + 10)
    await page.mouse.down()
    await page.mouse.move(x + 500, y + 10, { steps: 3 })
    await page.mouse.up()
    expect(await image(page)).not.toBe(whole)
  })

  it('is told in words as well', async () => {
    const page = await openTimeline()
    const told = await page.locator('ol.unseen li').allInnerTexts()
    expect(told).toContain('22.7 ms to 54.2 ms: waiting')
  })
})

describe('the page', () => {
  it('keeps options for the next report', async () => {
    const page = await open()
    await page.getByLabel('Time in').selectOption('percent')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByLabel('Your code only').check()
    await page.reload()
    const timeline = page.getByRole('tab', { name: 'Timeline' })
    expect(await timeline.getAttribute('aria-selected')).toBe('true')
    expect(await page.getByLabel('Your code only').isChecked()).toBe(true)
    await timeline.focus()
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByLabel('Time in').inputValue()).toBe('percent')
  })

  it.each(['light', 'dark'] as const)('has nothing serious for axe to find, %s', async (scheme) => {
    const page = await open(ordersSession({ notes: ['A note.'] }), { colorScheme: scheme })
    for (const view of ['Call stack', 'Timeline']) {
      await page.getByRole('tab', { name: view }).click()
      await page.evaluate(axe.source)
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)[0]}`)
      })
      expect(found, view).toEqual([])
    }
  })

  it('fits a window of 400 pixels', async () => {
    const page = await open(ordersSession(), { viewport: { width: 400, height: 800 } })
    for (const view of ['Timeline', 'Call stack']) {
      await page.getByRole('tab', { name: view }).click()
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth
      )
      expect(overflow, view).toBe(0)
    }
  })

  it('prints all rows, and none of the controls', async () => {
    const text = Array.from({ length: 90 }, (_, i) => `call${i}@src/a.ts:${i + 1} 10`).join('\n')
    const page = await open(buildSession(text))
    expect((await rowTexts(page)).length).toBeLessThan(80)
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await expect.poll(async () => (await rowTexts(page)).length).toBe(91)
    expect(await page.getByRole('button', { name: 'Expand all' }).isVisible()).toBe(false)
  })

  it('neither breaks nor runs what hostile names carry', async () => {
    const hostile = '</script><img src=x onerror=alert(1)>"\'\u202eevil\u0007'
    const data = ordersSession({
      description: hostile,
      request: { method: 'GET', path: `/${hostile}`, route: hostile, status: 200, error: hostile },
      notes: [hostile],
    })
    for (const [i, record] of data.functions.entries()) {
      record.name = i % 2 === 0 ? `${hostile}${i}` : 'x'.repeat(10_000)
      record.fileShort = hostile
    }
    const page = await open(data)
    expect(await page.locator('img').count()).toBe(0)
    const text = await page.locator('body').innerText()
    expect(text).not.toMatch(/[\p{Cf}]|(?!\n|\t)\p{Cc}/u)
    expect(text).toContain(String.raw`</script><img src=x onerror=alert(1)>"'\u202eevil\x07`)
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.locator('.chart canvas').hover({ position: { x: 300, y: 120 } })
    await page.locator('.tooltip').waitFor()
  })

  it('opens stacks of 5,000 frames', async () => {
    const path = Array.from({ length: 5000 }, (_, i) => `f${i}@src/a.ts:${i + 1}`).join(';')
    const page = await open(buildSession(`${path} 100`))
    await page.getByRole('tree').focus()
    await page.keyboard.press('End')
    await expect.poll(() => selectedRow(page).innerText()).toContain('f4999')
    await expect.poll(() => selectedRow(page).locator('.name').isVisible()).toBe(true)
    const name = (await selectedRow(page).locator('.name').boundingBox())!
    expect(name.x).toBeGreaterThan(0)
    expect(name.x + name.width).toBeLessThan(1280)
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.locator('.chart canvas').waitFor()
  })

  it('says so when there is nothing to show', async () => {
    const page = await open(buildSession(''))
    expect(await page.locator('.hot-lines').innerText()).toContain('No code of yours')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.locator('.chart canvas').hover()
  })
})
