import { createHmac, scryptSync } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Database } from './database.ts'

/** Two products, and in how many orders they were bought together. */
export interface Pair {
  products: string
  orders: number
}

/** Which kinds of products are bought together: a query, then counting in JavaScript. */
export async function boughtTogether(database: Database, limit: number): Promise<Pair[]> {
  const rows = await database.query<{ orderId: number; product: string }>(
    `SELECT orderId, name AS product FROM orderItems JOIN products ON products.id = productId
     WHERE orderId <= 1500`
  )
  const baskets = new Map<number, Set<string>>()
  for (const { orderId, product } of rows) {
    const kind = product.slice(product.lastIndexOf(' ') + 1)
    baskets.set(orderId, (baskets.get(orderId) ?? new Set()).add(kind))
  }
  return countPairs([...baskets.values()]).slice(0, limit)
}

/** The pairs in all baskets, the most frequent first. */
function countPairs(baskets: Set<string>[]): Pair[] {
  const counts = new Map<string, number>()
  for (const basket of baskets) {
    const kinds = [...basket].sort()
    for (const [index, first] of kinds.entries()) {
      for (const second of kinds.slice(index + 1)) {
        const products = `${first} and ${second}`
        counts.set(products, (counts.get(products) ?? 0) + 1)
      }
    }
  }
  return [...counts]
    .map(([products, orders]) => ({ products, orders }))
    .sort((a, b) => b.orders - a.orders)
}

/** A report as CSV, and its signature. */
export interface SignedReport {
  csv: string
  signature: string
}

/** Makes the yearly report without a single await: nothing else in this process runs until it is done. */
export function yearlyReport(file: string, passphrase: string): SignedReport {
  const csv = salesAsCsv(file)
  return { csv, signature: sign(csv, passphrase) }
}

function salesAsCsv(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database
    .prepare(
      `SELECT sku, name, substr(placedAt, 1, 7) AS month, sum(quantity) AS sold,
         sum(quantity * orderItems.cents) AS cents
       FROM orderItems
       JOIN products ON products.id = productId
       JOIN orders ON orders.id = orderId
       GROUP BY products.id, month ORDER BY cents DESC`
    )
    .all()
  database.close()
  return rows.map((row) => Object.values(row).join(',')).join('\n')
}

function sign(text: string, passphrase: string): string {
  // What OWASP advises for scrypt, which needs 128 MiB; Node allows 32 MiB unless told.
  const key = scryptSync(passphrase, 'yearly report', 32, { N: 2 ** 17, maxmem: 2 ** 28 })
  return createHmac('sha256', key).update(text).digest('hex')
}
