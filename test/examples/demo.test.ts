import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Example } from './run-example.ts'
import { runExample, startExample } from './run-example.ts'

// The routes do real work, and one test visits all of them: about 4 s on an idle machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const demo = 'examples/demo/main.tsx'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hono-profiler-test-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** Makes the demo keep its database below `folder`, so that a test sees whether it is removed. */
const env = () => ({ TMPDIR: folder, TEMP: folder, TMP: folder })

/** Reports ask search engines to pass by, which no page of the demo does. */
const isReport = (response: Response) => response.headers.has('x-robots-tag')

async function databasesLeft() {
  return (await readdir(folder)).filter((name) => name.startsWith('hono-profiler-demo-'))
}

describe('npm run demo', () => {
  let example: Example

  beforeAll(async () => {
    example = await startExample([demo])
  })

  afterAll(async () => {
    await example.stop()
  })

  const get = (path: string) => fetch(example.url + path)

  /** Each route, its status, and a part of what it answers. */
  const routes: [path: string, status: number, content: string][] = [
    ['/', 200, '<h1>hono-profiler demo</h1>'],
    ['/orders', 200, '<a href="/orders/3000">3000</a>'],
    ['/orders/17', 200, '<h1>Order 17</h1>'],
    ['/orders/17/fast', 200, '<h1>Order 17</h1>'],
    ['/orders/1000000', 404, 'Not Found'],
    ['/orders/1000000/fast', 404, 'Not Found'],
    ['/dashboard', 200, '<h2>Bought together</h2>'],
    ['/prices?sku=SKU-1017', 200, '<td>borealis</td><td>SKU-1017</td>'],
    ['/search?q=wirless+bambo+keybord', 200, '<td>wireless bamboo keyboard</td>'],
    ['/export', 200, '{"id":3000,'],
    ['/report/block', 200, 'SKU-1017,'],
    ['/broken', 500, 'Internal Server Error'],
  ]

  test.each(routes)('GET %s', async (path, status, content) => {
    const response = await get(path)

    expect(response.status).toBe(status)
    expect(await response.text()).toContain(content)
  })

  test('the slow and the fast order are the same page', async () => {
    const [slow, fast] = await Promise.all([get('/orders/17'), get('/orders/17/fast')])

    expect(await slow.text()).toBe(await fast.text())
  })

  test('the export is several megabytes', async () => {
    const orders = await (await get('/export')).text()

    expect(orders.length).toBeGreaterThan(4_000_000)
    expect(JSON.parse(orders)).toHaveLength(3000)
  })

  test('a session that does not exist is turned away', async () => {
    const response = await fetch(example.url, { headers: { cookie: 'session=forged' } })

    expect(response.status).toBe(401)
  })

  describe('POST /orders', () => {
    const post = (body: unknown, query = '') =>
      fetch(`${example.url}/orders${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })

    test('stores the order', async () => {
      const response = await post({ items: [{ productId: 17, quantity: 3 }] })
      const page = await get(response.headers.get('location')!)

      expect(response.status).toBe(201)
      expect(await page.text()).toContain('<data value="3">3</data>')
    })

    test.each([
      [400, null],
      [400, { items: [] }],
      [400, { items: [{ productId: 17 }] }],
      [422, { items: [{ productId: 1_000_000, quantity: 1 }] }],
    ])('answers %i to %j', async (status, body) => {
      expect((await post(body)).status).toBe(status)
    })

    test('is profiled too', async () => {
      const response = await post({ items: [{ productId: 17, quantity: 3 }] }, '?profile=text')

      expect(await response.text()).toMatch(/^POST \/orders → 201/m)
    })
  })

  test('every link of the start page answers, profiled where it says so', async () => {
    const page = await (await get('/')).text()
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link]) =>
      link!.replaceAll('&amp;', '&')
    )

    expect(links).toHaveLength(27)
    for (const link of links) {
      const response = await get(link)
      expect(response.status, link).toBe(link === '/broken' ? 500 : 200)
      expect(isReport(response), link).toBe(link.includes('profile='))
      await response.body?.cancel()
    }
  })

  /** What the call tree of each route shows beside the session's middleware. */
  const trees: [path: string, shown: string[]][] = [
    ['/orders?', ['recentOrders', '[await]']],
    ['/orders/17?', ['loadItems', 'countStock', '[await]']],
    ['/orders/17/fast?', ['loadItemsJoined', '[await]']],
    ['/dashboard?', ['boughtTogether', '[await]']],
    ['/prices?', ['askInTurn', 'askPrice', '[await]']],
    ['/search?q=wirless+bambo+keybord&', ['rankProducts', 'editDistance']],
    ['/export?', ['allOrders', '[await]']],
    ['/report/block?', ['yearlyReport', 'salesAsCsv', 'sign']],
    ['/broken?', ['loadItems', 'SyntaxError']],
  ]

  test.each(trees)('GET %sprofile=text', async (path, shown) => {
    const response = await get(`${path}profile=text`)
    const tree = await response.text()

    expect(response.headers.get('content-type')).toContain('text/plain')
    for (const part of ['session  examples/demo/app.tsx', ...shown]) {
      expect(tree).toContain(part)
    }
  })

  test('a request feels the one that holds the event loop', async () => {
    const asked = get('/prices?profile=json')
    // Reports one after another: whenever the prices are on their way, one of them runs.
    let prices: Response | undefined
    while (!prices) {
      prices = await Promise.race([asked, get('/report/block').then(() => undefined)])
    }
    const { meta } = (await prices.json()) as { meta: { totals: { blocked: number } } }

    // A report takes some 300 ms; without one a request is blocked for about 1 ms.
    expect(meta.totals.blocked).toBeGreaterThan(20)
  })
})

test('Ctrl-C ends the demo and removes its database', async () => {
  const example = await startExample([demo], env())

  expect(await databasesLeft()).toHaveLength(1)
  expect(await example.stop()).toMatchObject({ code: 0 })
  expect(await databasesLeft()).toEqual([])
})

test('--once prints a call tree, writes the report and leaves nothing else', async () => {
  const report = join(folder, 'report.html')
  const { code, output } = await runExample([demo, '--once', '--out', report], env())
  const page = await readFile(report, 'utf8')

  expect(code).toBe(0)
  expect(output).toContain('countStock')
  expect(output).toContain(report)
  expect(page).toContain('<script type="application/json" id="session">')
  expect(page).toContain('countStock')
  expect(await databasesLeft()).toEqual([])
})

test('an option that cannot work is refused', async () => {
  const { code, output } = await runExample([demo, '--port', '70000'])

  expect(code).toBe(1)
  expect(output).toContain('--port takes a number from 0 to 65535, not "70000"')
})
