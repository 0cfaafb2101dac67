import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import type { BuildOptions } from '../helpers/build-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { coloursAt, drawn } from './canvas.ts'
import { reportOpener } from './open-report.ts'

const openReport = reportOpener()

async function open(
  view: 'Timeline' | 'Flame graph',
  data: SessionData = ordersSession(),
  context?: Parameters<typeof openReport>[1]
): Promise<Page> {
  const page = await openReport(data, context)
  await page.getByRole('tab', { name: view }).click()
  await page.getByRole('application').last().waitFor()
  await drawn(page)
  return page
}

const details = (page: Page) => page.locator('.details')

/** Two branches in parallel, one of which decides when the request ends, with parts that have a name. */
const PARALLEL: BuildOptions = {
  waits: [
    { path: 'handler#3;loadRates#9', start: 0, awaited: 10, end: 40, critical: false },
    { path: 'handler#3;loadStock#7', start: 0, awaited: 5, end: 80 },
  ],
  spans: [
    { name: 'logger', kind: 'middleware', start: 0, end: 100 },
    { name: 'GET /stock', kind: 'handler', start: 0, end: 100, parent: 0 },
    { name: 'price list', start: 80, end: 100, parent: 1 },
  ],
}
function parallelSession(): SessionData {
  const data = buildSession('handler#3;loadStock#7;[await] 80\nhandler#3;price 20', PARALLEL)
  for (const wait of data.waits) {
    wait.name = 'fetch'
  }
  return data
}

describe('waterfall', () => {
  const waits = (page: Page) => page.locator('.band.waits canvas')

  it('draws parallel operations below each other, and marks the critical path', async () => {
    const page = await open('Timeline', parallelSession())
    const xOf = (ms: number) => (ms / 100) * 1280
    const [background, critical, afterOther, other, edge, otherEdge] = await coloursAt(
      page,
      '.band.waits canvas',
      [
        [xOf(95), 8],
        [xOf(60), 8],
        [xOf(60), 28],
        [xOf(30), 28],
        [xOf(30), 16],
        [xOf(30), 36],
      ]
    )
    expect(critical).not.toBe(background)
    expect(afterOther).toBe(background)
    expect(other).not.toBe(background)
    expect([edge, otherEdge]).toEqual(['d8395f', expect.not.stringMatching('d8395f')])
  })

  it('is used by keyboard, tells the line, and zooms to an operation', async () => {
    const page = await open('Timeline', parallelSession())
    await waits(page).focus()
    await page.keyboard.press('End')
    await expect.poll(() => details(page).innerText()).toContain('fetch in loadRates')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => details(page).innerText()).toContain('on the critical path')
    const text = await details(page).innerText()
    expect(text).toContain('loadStock src/app.ts:7')
    expect(text).toContain('0.0 ms to 80.0 ms')
    const image = () => waits(page).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
    const before = await image()
    await page.keyboard.press('Enter')
    await expect.poll(image).not.toBe(before)
    await page.keyboard.press('Escape')
    await expect.poll(() => details(page).innerText()).toContain('Wheel, pinch')
  })

  it('names what is under the pointer, and is told in words', async () => {
    const page = await open('Timeline', parallelSession())
    await waits(page).hover({ position: { x: 600, y: 8 } })
    await expect.poll(() => page.locator('.tooltip b').innerText()).toBe('fetch in loadStock')
    expect(await page.locator('.band.waits li').allInnerTexts()).toContain(
      'fetch in loadStock, 0.0 ms to 80.0 ms, 80.0 ms, 80.0% of the request, awaited for 75.0 ms, on the critical path, loadStock src/app.ts:7'
    )
  })

  it('shows middleware, handlers and named parts below what encloses them', async () => {
    const page = await open('Timeline', parallelSession())
    const spans = page.locator('.band.spans canvas')
    for (const [y, name] of [
      [10, 'logger'],
      [30, 'GET /stock'],
      [50, 'price list'],
    ] as const) {
      await spans.hover({ position: { x: 1200, y } })
      await expect.poll(() => page.locator('.tooltip b').innerText()).toBe(name)
    }
  })
})

describe('flame graph', () => {
  const canvas = (page: Page) => page.locator('.flames canvas')
  const crumbs = (page: Page) => page.locator('.breadcrumb button')

  it('names what is under the pointer, the heaviest call first', async () => {
    const page = await open('Flame graph')
    await canvas(page).hover({ position: { x: 100, y: 8 * 20 + 8 } })
    const tooltip = page.locator('.tooltip')
    await expect.poll(() => tooltip.locator('b').innerText()).toBe('loadItems')
    expect((await tooltip.innerText()).split('\n')).toEqual([
      'loadItems',
      '177.0 ms, 45.8% of the request',
      'self 0.0 ms',
      '17.0 ms computing, 160.0 ms waiting',
      'src/routes/orders.ts:62',
    ])
    await page.mouse.move(5, 5)
    await tooltip.waitFor({ state: 'detached' })
  })

  it('zooms by click, out again, and by its breadcrumb', async () => {
    const page = await open('Flame graph')
    const click = async (x: number, depth: number) => {
      await canvas(page).click({ position: { x, y: depth * 20 + 8 } })
      await drawn(page)
    }
    await click(700, 8)
    expect((await crumbs(page).allInnerTexts()).at(-1)).toBe('priceOrders')
    expect(await details(page).innerText()).toContain('src/pricing.ts')
    await canvas(page).hover({ position: { x: 1000, y: 8 * 20 + 8 } })
    await expect.poll(() => page.locator('.tooltip b').innerText()).toBe('priceOrders')
    await click(700, 8)
    expect((await crumbs(page).allInnerTexts()).at(-1)).toBe('listOrders')
    await crumbs(page).first().click()
    await expect.poll(() => crumbs(page).allInnerTexts()).toEqual(['GET /orders'])
  })

  it('is used by keyboard alone', async () => {
    const page = await open('Flame graph')
    await canvas(page).focus()
    const press = async (key: string, expected: string) => {
      await page.keyboard.press(key)
      await expect.poll(() => details(page).innerText()).toContain(expected)
    }
    for (const name of ['GET /orders', 'runRequest', 'dispatch', 'logger', 'dispatch']) {
      await press('ArrowDown', name)
    }
    for (const name of ['requireUser', 'dispatch', 'listOrders', 'loadItems']) {
      await press('ArrowDown', name)
    }
    await press('ArrowRight', 'priceOrders')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await crumbs(page).allInnerTexts()).at(-1)).toBe('priceOrders')
    await press('ArrowLeft', 'loadItems')
    await expect.poll(async () => (await crumbs(page).allInnerTexts()).at(-1)).toBe('listOrders')
    await page.keyboard.press('Escape')
    await expect.poll(() => crumbs(page).allInnerTexts()).toEqual(['GET /orders'])
  })

  it('tells computing, waiting and being blocked apart, by colour and by hatching', async () => {
    const page = await open('Flame graph')
    const stripes = ([100, 700, 1260] as const).map((x) => [x, 17] as const)
    const waiting = Array.from({ length: 12 }, (_, i) => [100 + i, 11 * 20 + 8] as const)
    const [cpu, waits, blocked, ...hatching] = await coloursAt(page, '.flames canvas', [
      ...stripes,
      ...waiting,
    ])
    expect([cpu, waits, blocked]).toEqual(['e8912a', '7fb0e0', 'd8395f'])
    expect(new Set(hatching).size).toBeGreaterThan(1)
  })

  it('shows the call that another view has selected', async () => {
    const page = await open('Flame graph')
    await canvas(page).click({ position: { x: 700, y: 8 * 20 + 8 } })
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await expect.poll(() => details(page).innerText()).toContain('priceOrders')
    await page.getByRole('tab', { name: 'Call stack' }).click()
    const selected = page.getByRole('treeitem', { selected: true })
    await expect.poll(() => selected.innerText()).toContain('priceOrders')
  })

  it('scrolls through stacks of 5,000 frames', async () => {
    const path = Array.from({ length: 5000 }, (_, i) => `f${i}@src/a.ts:${i + 1}`).join(';')
    const page = await open('Flame graph', buildSession(`${path} 100`))
    await page.locator('.flames-scroller').evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    await drawn(page)
    const { height } = (await canvas(page).boundingBox())!
    await canvas(page).hover({ position: { x: 300, y: height - 10 } })
    await expect.poll(() => page.locator('.tooltip b').innerText()).toBe('f4999')
  })

  it('has a pixel for each of the screen, also when the window changes', async () => {
    const page = await open('Flame graph', ordersSession(), { deviceScaleFactor: 2 })
    const size = () =>
      canvas(page).evaluate((element) => {
        const { width, height, clientWidth, clientHeight } = element as HTMLCanvasElement
        return [width / clientWidth, height / clientHeight, clientWidth]
      })
    expect(await size()).toEqual([2, 2, 1280])
    await page.setViewportSize({ width: 900, height: 700 })
    await expect.poll(size).toEqual([2, 2, 900])
  })
})

describe.each(['Timeline', 'Flame graph'] as const)('%s', (view) => {
  it.each(['light', 'dark'] as const)('has nothing serious for axe to find, %s', async (scheme) => {
    const page = await open(view, parallelSession(), { colorScheme: scheme })
    await page.evaluate(axe.source)
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)[0]}`)
    })
    expect(found).toEqual([])
  })

  it('fits a window of 400 pixels', async () => {
    const page = await open(view, parallelSession(), { viewport: { width: 400, height: 800 } })
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    )
    expect(overflow).toBe(0)
  })

  it('neither breaks nor runs what hostile names carry', async () => {
    const hostile = '</script><img src=x onerror=alert(1)>"\'\u202eevil\u0007'
    const data = parallelSession()
    for (const record of [...data.functions, ...data.waits, ...data.spans]) {
      record.name = `${hostile}${'x'.repeat(10_000)}`
    }
    const page = await open(view, data)
    const canvases = page.getByRole('application')
    for (const canvas of await canvases.all()) {
      await canvas.click({ position: { x: 100, y: 10 } })
    }
    await page.locator('.tooltip').first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('body').innerText()).not.toMatch(/[\p{Cf}]|(?!\n|\t)\p{Cc}/u)
  })
})
