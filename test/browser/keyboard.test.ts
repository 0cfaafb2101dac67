import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { ordersSession } from '../helpers/orders-session.ts'
import { shopSession } from '../helpers/shop-session.ts'
import { coloursAt, drawn } from './canvas.ts'
import { reportOpener } from './open-report.ts'

const open = reportOpener({ mayDownload: true })

/** What has the focus, as a screen reader names it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    return (element.ariaLabel ?? element.innerText).trim().replace(/\s+/g, ' ')
  })

/** Presses Tab until what is meant has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 60; presses++) {
    const now = await focused(page)
    if (name.test(now)) {
      return
    }
    passed.push(now)
    await page.keyboard.press('Tab')
  }
  expect.fail(`Tab does not reach ${String(name)}, only ${passed.join(' | ')}`)
}

it('everything is reached and used by keyboard alone', async () => {
  const page = await open(shopSession())
  const press = (key: string) => page.keyboard.press(key)
  const openView = async (name: string) => {
    await tabTo(page, /^(Call stack|Timeline|Flame graph|Functions|Source|Middleware)$/)
    while ((await focused(page)) !== name) {
      await press('ArrowRight')
    }
    await page.getByRole('tabpanel', { name }).waitFor()
  }
  await tabTo(page, /^Take along$/)
  await press('Enter')
  await tabTo(page, /^Session/)
  const coming = page.waitForEvent('download')
  await press('Enter')
  await coming
  await press('Escape')
  expect(await focused(page)).toBe('Take along')
  await tabTo(page, /^How this was measured$/)
  await press('Enter')
  await page.getByText('watching').waitFor()
  await tabTo(page, /src\/price\.ts:3/)
  await press('Enter')
  await expect.poll(() => page.locator('.details').innerText()).toContain('price')
  await tabTo(page, /^5 awaits one after another/)
  await press('Enter')
  await page.locator('.band-finding').waitFor()
  await tabTo(page, /^Timeline of/)
  await press('Shift+ArrowDown')
  await tabTo(page, /^Clear marks$/)
  await press('Enter')
  await page.locator('.band-finding').waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Timeline' }).focus()
  await openView('Flame graph')
  await tabTo(page, /^Flame graph of/)
  await press('ArrowDown')
  await expect.poll(() => page.locator('.details').innerText()).not.toContain('Click zooms')
  await page.getByRole('tab', { name: 'Flame graph' }).focus()
  await openView('Functions')
  await press('Tab')
  await tabTo(page, /^Functions$/)
  await press('End')
  await expect.poll(() => page.locator('.chosen b').innerText()).toBe('loadItem')
  await tabTo(page, /^Total/)
  await press('Enter')
  await tabTo(page, /ms query pg/)
  await press('Enter')
  await expect.poll(() => page.locator('.chosen b').innerText()).toBe('query')
  await page.getByRole('tab', { name: 'Functions' }).focus()
  await openView('Source')
  await tabTo(page, /src\/session\.ts/)
  await press('Enter')
  await expect.poll(() => page.locator('.source-lines').innerText()).toContain('session')
  await page.getByRole('tab', { name: 'Source' }).focus()
  await openView('Middleware')
  await tabTo(page, /^session$/)
  await press('Enter')
  await expect.poll(() => page.locator('.chain tr.selected').innerText()).toContain('session')
  await press('/')
  expect(await focused(page)).toContain('Search')
})

it('touch moves and zooms the timeline', async () => {
  const page = await open(ordersSession(), { hasTouch: true, isMobile: true }, '#view=timeline')
  const chart = page.locator('.chart canvas')
  await chart.scrollIntoViewIfNeeded()
  await drawn(page)
  const { x, y } = (await chart.boundingBox())!
  const client = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((at, id) => ({ x: x + at, y: y + 60, id })),
    })
  const range = async () => {
    const link = new URLSearchParams((await page.evaluate(() => location.hash)).slice(1))
    return [Number(link.get('from')), Number(link.get('to'))] as const
  }
  await touch('touchStart', 400, 600)
  await touch('touchMove', 300, 700)
  await touch('touchEnd')
  await expect.poll(async () => (await range())[1]).toBeGreaterThan(0)
  const pinched = await range()
  // Twice as far apart shows half, around the middle of the fingers.
  expect(pinched[1] - pinched[0]).toBeCloseTo(386.8 / 2, 0)
  expect((pinched[0] + pinched[1]) / 2).toBeGreaterThan(130)
  await touch('touchStart', 500)
  await touch('touchMove', 400)
  await touch('touchMove', 300)
  await touch('touchEnd')
  await expect.poll(async () => (await range())[0]).toBeGreaterThan(pinched[0])
  const dragged = await range()
  expect(dragged[1] - dragged[0]).toBeCloseTo(pinched[1] - pinched[0], 2)
  expect(dragged[0] - pinched[0]).toBeCloseTo((200 / 1280) * (pinched[1] - pinched[0]), 0)
  await page.touchscreen.tap(x + 200, y + 22 + 8 * 20 + 10)
  await expect.poll(() => page.locator('.details').innerText()).toContain('loadItems')
})

it('charts are drawn for paper while the page is printed', async () => {
  for (const [view, canvas, at] of [
    ['timeline', '.chart canvas', [1279, 5]],
    ['flame-graph', '.flames canvas', [1279, 470]],
  ] as const) {
    const page = await open(ordersSession(), { colorScheme: 'dark' }, `#view=${view}`)
    await page.setViewportSize({ width: 1280, height: 1100 })
    await drawn(page)
    const state = () =>
      page.locator(canvas).evaluate((element) => (element as HTMLElement).clientHeight)
    const before = await state()
    expect(await coloursAt(page, canvas, [at])).toEqual(['15181c'])
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await state()).toBe(480)
    expect(await coloursAt(page, canvas, [at])).toEqual(['ffffff'])
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    expect(await coloursAt(page, canvas, [at])).toEqual(['15181c'])
    expect(await state()).toBe(before)
    const pdf = await page.pdf({ printBackground: true })
    expect(pdf.length).toBeGreaterThan(10_000)
    if (view === 'timeline') {
      await page.context().close()
    }
  }
})
