import type { Database } from './database.ts'

export interface Customer {
  id: number
  name: string
  city: string
}

export interface OrderSummary {
  id: number
  placedAt: string
  customer: string
  items: number
  cents: number
}

export interface Order {
  id: number
  placedAt: string
  customer: string
  note: string
}

export interface Item {
  line: number
  productId: number
  quantity: number
  cents: number
}

export interface ItemDetails extends Item {
  product: string
  stock: number
}

/** A product and how many of it, as a client orders it. */
export interface OrderLine {
  productId: number
  quantity: number
}

/** The customer that a session token belongs to. */
export async function findSession(
  database: Database,
  token: string
): Promise<Customer | undefined> {
  const [customer] = await database.query<Customer>(
    `SELECT customers.* FROM sessions JOIN customers ON customers.id = customerId WHERE token = ?`,
    token
  )
  return customer
}

export async function recentOrders(database: Database, limit: number): Promise<OrderSummary[]> {
  return await database.query(
    `SELECT orders.id, placedAt, name AS customer, count(*) AS items, sum(quantity * cents) AS cents
     FROM (SELECT * FROM orders ORDER BY id DESC LIMIT ?) AS orders
     JOIN customers ON customers.id = customerId
     JOIN orderItems ON orderId = orders.id
     GROUP BY orders.id ORDER BY orders.id DESC`,
    limit
  )
}

export async function findOrder(database: Database, id: number): Promise<Order | undefined> {
  const [order] = await database.query<Order>(
    `SELECT orders.id, placedAt, name AS customer, note
     FROM orders JOIN customers ON customers.id = customerId WHERE orders.id = ?`,
    id
  )
  return order
}

/** The items of an order: one query for the list and then, the classic N+1, two more for each item. */
export async function loadItems(database: Database, orderId: number): Promise<ItemDetails[]> {
  const items = await database.query<Item>(
    `SELECT line, productId, quantity, cents FROM orderItems WHERE orderId = ?`,
    orderId
  )
  const details: ItemDetails[] = []
  for (const item of items) {
    const product = await productName(database, item.productId)
    const stock = await countStock(database, item.productId)
    details.push({ ...item, product, stock })
  }
  return details
}

async function productName(database: Database, id: number): Promise<string> {
  const [product] = await database.query<{ name: string }>(
    `SELECT name FROM products WHERE id = ?`,
    id
  )
  return product!.name
}

async function countStock(database: Database, productId: number): Promise<number> {
  const [stock] = await database.query<{ total: number }>(
    `SELECT total(quantity) AS total FROM stockMovements WHERE productId = ?`,
    productId
  )
  return stock!.total
}

/** The same items as from `loadItems`, with one query. */
export async function loadItemsJoined(database: Database, orderId: number): Promise<ItemDetails[]> {
  return await database.query(
    `SELECT line, productId, quantity, items.cents, name AS product, coalesce(stock, 0) AS stock
     FROM orderItems AS items
     JOIN products ON products.id = productId
     LEFT JOIN (
       SELECT productId, total(quantity) AS stock FROM stockMovements
       WHERE productId IN (SELECT productId FROM orderItems WHERE orderId = ?1) GROUP BY productId
     ) USING (productId)
     WHERE orderId = ?1 ORDER BY line`,
    orderId
  )
}

export interface MonthRevenue {
  month: string
  cents: number
}

export async function revenueByMonth(database: Database): Promise<MonthRevenue[]> {
  return await database.query(
    `SELECT substr(placedAt, 1, 7) AS month, sum(quantity * cents) AS cents
     FROM orders JOIN orderItems ON orderId = orders.id GROUP BY month ORDER BY month`
  )
}

export interface CustomerRevenue {
  name: string
  city: string
  cents: number
}

export async function topCustomers(database: Database, limit: number): Promise<CustomerRevenue[]> {
  return await database.query(
    `SELECT name, city, sum(quantity * cents) AS cents
     FROM customers JOIN orders ON customerId = customers.id JOIN orderItems ON orderId = orders.id
     GROUP BY customers.id ORDER BY cents DESC LIMIT ?`,
    limit
  )
}

/** Every order with its items, as the export gives them. */
export async function allOrders(database: Database): Promise<(Order & { items: Item[] })[]> {
  const [orders, items] = await Promise.all([
    database.query<Order>(
      `SELECT orders.id, placedAt, name AS customer, note
       FROM orders JOIN customers ON customers.id = customerId ORDER BY orders.id`
    ),
    database.query<Item & { orderId: number; sku: string; product: string }>(
      `SELECT orderId, line, productId, sku, name AS product, quantity, orderItems.cents
       FROM orderItems JOIN products ON products.id = productId ORDER BY orderId, line`
    ),
  ])
  const exported = new Map(orders.map((order) => [order.id, { ...order, items: [] as Item[] }]))
  for (const { orderId, ...item } of items) {
    exported.get(orderId)?.items.push(item)
  }
  return [...exported.values()]
}

/**
 * Stores an order and gives its id.
 *
 * @returns undefined, and stores nothing, when a product is unknown.
 */
export async function placeOrder(
  database: Database,
  customerId: number,
  lines: OrderLine[]
): Promise<number | undefined> {
  const ids = new Set(lines.map((line) => line.productId))
  const known = await database.query(
    `SELECT id FROM products WHERE id IN (SELECT value FROM json_each(?))`,
    JSON.stringify([...ids])
  )
  if (known.length < ids.size) {
    return undefined
  }
  const [order] = await database.query<{ id: number }>(
    `INSERT INTO orders (customerId, placedAt, note) VALUES (?, ?, '') RETURNING id`,
    customerId,
    new Date().toISOString()
  )
  await database.query(
    `INSERT INTO orderItems
     SELECT ?, key + 1, products.id, value ->> 'quantity', cents
     FROM json_each(?) JOIN products ON products.id = value ->> 'productId'`,
    order!.id,
    JSON.stringify(lines)
  )
  return order!.id
}
