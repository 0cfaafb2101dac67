/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { validator } from 'hono/validator'
import { profiler } from 'hono-profiler'
import type { Database } from './database.ts'
import { boughtTogether, yearlyReport } from './reports.ts'
import { searchProducts } from './search.ts'
import * as shop from './shop.ts'
import { StartPage } from './start-page.tsx'
import type { Suppliers } from './suppliers.ts'
import { askInTurn, askTogether } from './suppliers.ts'
import { DashboardPage, OrderPage, OrdersPage, PricesPage, SearchPage } from './views.tsx'

/** What the shop needs from outside. */
export interface Services {
  database: Database
  /** The database's file, for the route that reads it synchronously. */
  databaseFile: string
  suppliers: Suppliers
}

/** The demo: a shop whose pages are slow for the usual reasons. */
export function createApp({ database, databaseFile, suppliers }: Services) {
  const app = new Hono<{ Variables: { customer: shop.Customer } }>()

  app.use(profiler())

  app.use(
    createMiddleware(async function session(c, next) {
      const customer = await shop.findSession(database, getCookie(c, 'session') ?? 'demo')
      if (!customer) {
        return c.text('This session is unknown. Delete the cookie "session".', 401)
      }
      c.set('customer', customer)
      await next()
    })
  )

  app.get('/', (c) => c.html(<StartPage origin={new URL(c.req.url).origin} />))

  app.get('/orders', async (c) => {
    const orders = await shop.recentOrders(database, 300)
    return c.html(<OrdersPage orders={orders} />)
  })

  app.get('/orders/:id{[0-9]+}', async (c) => {
    const order = await shop.findOrder(database, Number(c.req.param('id')))
    if (!order) {
      return c.notFound()
    }
    const items = await shop.loadItems(database, order.id)
    return c.html(<OrderPage order={order} items={items} />)
  })

  app.get('/orders/:id{[0-9]+}/fast', async (c) => {
    const id = Number(c.req.param('id'))
    const [order, items] = await Promise.all([
      shop.findOrder(database, id),
      shop.loadItemsJoined(database, id),
    ])
    return order ? c.html(<OrderPage order={order} items={items} />) : c.notFound()
  })

  app.post('/orders', validator('json', checkOrder), async (c) => {
    const { items } = c.req.valid('json')
    const id = await shop.placeOrder(database, c.var.customer.id, items)
    if (!id) {
      return c.json({ error: 'There is no such product' }, 422)
    }
    return c.json({ id }, 201, { location: `/orders/${id}` })
  })

  app.get('/dashboard', async (c) => {
    const [revenue, customers, pairs, quotes] = await Promise.all([
      shop.revenueByMonth(database),
      shop.topCustomers(database, 8),
      boughtTogether(database, 8),
      askTogether(suppliers, 'SKU-1017'),
    ])
    return c.html(<DashboardPage {...{ revenue, customers, pairs, quotes }} />)
  })

  app.get('/prices', async (c) => {
    const quotes = await askInTurn(suppliers, c.req.query('sku') ?? 'SKU-1017')
    return c.html(<PricesPage quotes={quotes} />)
  })

  app.get('/search', async (c) => {
    const query = c.req.query('q') ?? ''
    const matches = await searchProducts(database, query, 20)
    return c.html(<SearchPage query={query} matches={matches} />)
  })

  app.get('/export', async (c) => c.json(await shop.allOrders(database)))

  app.get('/report/block', (c) => {
    const { csv, signature } = yearlyReport(databaseFile, c.var.customer.name)
    return c.text(csv, 200, { 'x-signature': signature })
  })

  app.get('/broken', async (c) => {
    const order = (await shop.findOrder(database, 17))!
    const items = await shop.loadItems(database, order.id)
    return c.json({ items, delivery: readDelivery(order) })
  })

  return app
}

/** Reads a note as JSON, which customers do not write: the error of `/broken`. */
function readDelivery(order: shop.Order): unknown {
  return JSON.parse(order.note)
}

/** Checks the body of `POST /orders`: `{ items: [{ productId, quantity }, ...] }`. */
function checkOrder(body: unknown, c: Context) {
  const items = (body as { items?: unknown } | null)?.items
  if (!Array.isArray(items) || items.length === 0 || !items.every(isOrderLine)) {
    return c.json({ error: 'Send { items: [{ productId, quantity }] }, in whole numbers' }, 400)
  }
  return { items }
}

function isOrderLine(line: unknown): line is shop.OrderLine {
  const { productId, quantity } = (line ?? {}) as Partial<shop.OrderLine>
  return Number.isInteger(productId) && Number.isInteger(quantity) && quantity! > 0
}
