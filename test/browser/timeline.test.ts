import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import { ordersSession } from '../helpers/orders-session.ts'
import { shopSession } from '../helpers/shop-session.ts'
import { coloursAt, drawn } from './canvas.ts'
import { reportOpener } from './open-report.ts'

const openReport = reportOpener()

async function open(
  data: SessionData,
  hash = '#view=timeline',
  context?: Parameters<typeof openReport>[1]
): Promise<Page> {
  const page = await openReport(data, context, hash)
  await drawn(page)
  return page
}

const CHART = '.chart canvas'
const WAITS = '.band.waits canvas'
/** The heights of lanes, of bars and of the axis in the chart, in pixels. */
const laneY = (depth: number) => 22 + depth * 20 + 10

const rangeIn = async (page: Page) => {
  const link = await page.evaluate(() => location.hash)
  const said = new URLSearchParams(link.slice(1))
  return said.has('from') ? [Number(said.get('from')), Number(said.get('to'))] : undefined
}

/** The name of the call at a time in view, from 0 to 1, and a depth. */
async function nameAt(page: Page, part: number, depth: number): Promise<string> {
  await page.mouse.move(2, 2)
  await page.locator('.tooltip').waitFor({ state: 'detached' })
  await page.locator(CHART).hover({ position: { x: part * 1280, y: laneY(depth) } })
  return page.locator('.tooltip b').innerText()
}

describe('the stretch of time in view', () => {
  it('stands in the link, which shows it again', async () => {
    const page = await open(ordersSession())
    await page.locator(CHART).hover({ position: { x: 1060, y: laneY(8) } })
    await page.mouse.wheel(0, -800)
    await expect.poll(() => rangeIn(page)).toBeDefined()
    const [from, to] = (await rangeIn(page))!
    expect(to! - from!).toBeCloseTo(386.8 / 1.25 ** 8, 0)
    const at = from! + (to! - from!) * (1060 / 1280)
    expect(at).toBeCloseTo((1060 / 1280) * 386.8, 1)
    await page.reload()
    await drawn(page)
    expect(await nameAt(page, 1060 / 1280, 8)).toBe('priceOrders')
    expect(await rangeIn(page)).toEqual([from, to])
    await page.locator(CHART).focus()
    await page.keyboard.press('0')
    await expect.poll(() => rangeIn(page)).toBeUndefined()
  })

  it('is where a link leads, also with a selection outside of it', async () => {
    const outside = await open(ordersSession())
    await outside.locator(CHART).click({ position: { x: 260, y: laneY(8) } })
    await expect.poll(() => outside.locator('.details').innerText()).toContain('loadItems')
    await expect.poll(() => outside.evaluate(() => location.hash)).toContain('at=')
    const at = /at=(\w+)/.exec(await outside.evaluate(() => location.hash))![1]!
    await outside.context().close()
    const page = await open(ordersSession(), `#view=timeline&at=${at}&from=330&to=370`)
    expect(await page.locator('.details').innerText()).toContain('loadItems')
    expect(await nameAt(page, 1060 / 1280, 8)).toBe('priceOrders')
    expect(await nameAt(page, 0.02, 8)).toBe('priceOrders')
  })

  it('is kept while another view is open, and when frames are left out', async () => {
    const page = await open(ordersSession(), '#view=timeline&from=330&to=370')
    await page.getByRole('tab', { name: 'Functions' }).click()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await drawn(page)
    expect(await nameAt(page, 0.02, 8)).toBe('priceOrders')
    await page.getByLabel('Your code only').check()
    await drawn(page)
    expect(await nameAt(page, 0.02, 4)).toBe('priceOrders')
    expect(await rangeIn(page)).toEqual([330, 370])
  })

  it('is left by another link', async () => {
    const page = await open(ordersSession(), '#view=timeline&from=330&to=370')
    await page.evaluate(() => {
      location.hash = '#view=timeline&from=100&to=140'
    })
    await expect.poll(() => nameAt(page, 0.5, 8)).toBe('loadItems')
    await page.evaluate(() => {
      location.hash = '#view=timeline'
    })
    await drawn(page)
    expect(await nameAt(page, 0.87, 8)).toBe('priceOrders')
  })
})

describe('the evidence of a finding', () => {
  const finding = (page: Page) =>
    page.getByRole('region', { name: 'What stands out' }).getByRole('button').first()

  /** The shop with one more awaited operation, which the finding is not about. */
  function shop(): SessionData {
    const data = shopSession()
    const last = data.waits.at(-1)!
    data.waits.push({ ...last, stack: 0, name: 'fetch', startUs: 110_000, endUs: 150_000 })
    return data
  }

  it('is marked and brought into view, and can be shared and cleared', async () => {
    const page = await open(shop(), '#view=call-stack')
    await finding(page).click()
    const marks = page.locator('.band-finding')
    await expect.poll(() => marks.innerText()).toMatch(/^Marked: 5 awaits one after/)
    expect(await finding(page).getAttribute('aria-pressed')).toBe('true')
    const told = await page.locator('.band.waits li').allInnerTexts()
    expect(told.map((text) => text.endsWith(', marked'))).toEqual([
      ...Array.from({ length: 5 }, () => true),
      false,
    ])
    // The five take 4 ms to 104 ms, with a tenth of that as room on each side.
    await expect.poll(() => rangeIn(page)).toEqual([0, 120])
    const again = await page.evaluate(() => location.hash)
    expect(again).toContain('finding=1')
    await page.reload()
    await marks.waitFor()
    await marks.getByRole('button').click()
    await marks.waitFor({ state: 'detached' })
    expect(await finding(page).getAttribute('aria-pressed')).toBe('false')
    await expect.poll(() => page.evaluate(() => location.hash)).not.toContain('finding')
  })

  it('keeps its colours while the other bars are pale', async () => {
    const page = await open(shop(), '#view=timeline')
    const xOf = (ms: number) => (ms / 184) * 1280
    // The critical path's edge is one colour from end to end.
    const edges = () =>
      coloursAt(page, WAITS, [
        [xOf(14), 16],
        [xOf(130), 16],
      ])
    expect(new Set(await edges()).size).toBe(1)
    await finding(page).click()
    await expect.poll(() => rangeIn(page)).toBeDefined()
    await page.locator(CHART).focus()
    await page.keyboard.press('0')
    await expect.poll(() => rangeIn(page)).toBeUndefined()
    const [marked, other] = await edges()
    expect(marked).toBe('d8395f')
    expect(other).not.toBe('d8395f')
  })
})

describe('a change of colours', () => {
  it('is drawn without a loss of what is in view', async () => {
    const page = await open(ordersSession(), '#view=timeline&from=330&to=370', {
      colorScheme: 'light',
    })
    const background = async () => (await coloursAt(page, CHART, [[1279, 5]]))[0]
    expect(await background()).toBe('ffffff')
    await page.evaluate(() => {
      document.querySelector('.chart')!.id = 'same'
    })
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(background).toBe('15181c')
    expect(await page.locator('#same').count()).toBe(1)
    expect(await nameAt(page, 0.02, 8)).toBe('priceOrders')
    await page.getByRole('tab', { name: 'Call stack' }).click()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await page.getByText('Settings').click()
    await page.getByLabel('Colours').selectOption('light')
    expect(await page.getByRole('treeitem').count()).toBe(1)
  })
})

describe('a search', () => {
  it.each([
    ['timeline', CHART, laneY(8) - 7],
    ['flame-graph', '.flames canvas', 8 * 20 + 3],
  ])('dims in the %s what it does not find', async (view, canvas, y) => {
    const page = await open(ordersSession(), `#view=${view}`)
    const points = [
      [view === 'timeline' ? 1110 : 700, y],
      [view === 'timeline' ? 80 : 20, y],
    ] as const
    const before = await coloursAt(page, canvas, points)
    const box = page.getByRole('searchbox', { name: 'Search names and files' })
    await box.fill('priceOrders')
    await expect.poll(() => coloursAt(page, canvas, points)).not.toEqual(before)
    const [found, other] = await coloursAt(page, canvas, points)
    expect(found).toBe(before[0])
    expect(brightness(other!)).toBeGreaterThan(brightness(before[1]!) + 10)
    await box.fill('')
    await expect.poll(() => coloursAt(page, canvas, points)).toEqual(before)
  })

  it('dims operations that other functions await', async () => {
    const page = await open(shopSession())
    const edge = () => coloursAt(page, WAITS, [[(14 / 184) * 1280, 16]])
    const before = await edge()
    await page.getByRole('searchbox').fill('price')
    await expect.poll(edge).not.toEqual(before)
    await page.getByRole('searchbox').fill('loadItem')
    await expect.poll(edge).toEqual(before)
  })
})

/** From 0 to 255. */
const brightness = (colour: string): number =>
  [0, 2, 4].reduce((sum, at) => sum + Number.parseInt(colour.slice(at, at + 2), 16), 0) / 3
