import { DatabaseSync } from 'node:sqlite'

const CUSTOMERS = 400
const PRODUCTS = 2000
const ORDERS = 3000
const MOVEMENTS = 150_000

/** What the database holds, for the line that the demo prints. */
export const seedSummary = `${ORDERS} orders, ${PRODUCTS} products, ${MOVEMENTS} movements of stock`

// stockMovements has no index on productId: the missing index that makes many a real N+1 loop slow.
const schema = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT);
  CREATE TABLE sessions (token TEXT PRIMARY KEY, customerId INTEGER REFERENCES customers);
  CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT, name TEXT, description TEXT, cents INTEGER);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customerId INTEGER REFERENCES customers, placedAt TEXT, note TEXT);
  CREATE TABLE orderItems (
    orderId INTEGER REFERENCES orders, line INTEGER, productId INTEGER REFERENCES products,
    quantity INTEGER, cents INTEGER, PRIMARY KEY (orderId, line)
  ) WITHOUT ROWID;
  CREATE TABLE stockMovements (id INTEGER PRIMARY KEY, productId INTEGER REFERENCES products, quantity INTEGER);
`

const words = {
  first: ['Ada', 'Ben', 'Chidi', 'Dana', 'Elif', 'Finn', 'Grace', 'Hana', 'Ivo', 'Jun'],
  last: ['Abara', 'Berg', 'Costa', 'Dvorak', 'Eriksen', 'Fischer', 'Garcia', 'Haddad', 'Ito'],
  city: ['Berlin', 'Lagos', 'Lisbon', 'Osaka', 'Oslo', 'Quito', 'Toronto', 'Warsaw'],
  quality: ['wireless', 'portable', 'compact', 'silent', 'rugged', 'folding', 'smart', 'classic'],
  material: ['steel', 'bamboo', 'leather', 'ceramic', 'walnut', 'cotton', 'carbon', 'glass'],
  thing: ['keyboard', 'lamp', 'backpack', 'kettle', 'monitor', 'speaker', 'notebook', 'chair'],
  use: ['travel', 'kitchen', 'office', 'garden', 'studio', 'workshop', 'camping', 'reading'],
  note: ['Leave it with the neighbour', 'Ring twice', 'Gift, no invoice please', 'Back door'],
}

/** Creates the demo's database, the same one on every run. */
export function createDatabase(file: string): void {
  const database = new DatabaseSync(file)
  const random = createRandom(17)
  const pick = (list: readonly string[]) => list[random(list.length)]!
  const insertInto = (table: string, columns: number) =>
    database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`)

  database.exec(schema)
  database.exec('BEGIN')

  const customers = insertInto('customers', 3)
  for (let id = 1; id <= CUSTOMERS; id++) {
    customers.run(id, `${pick(words.first)} ${pick(words.last)}`, pick(words.city))
  }
  insertInto('sessions', 2).run('demo', 1)

  const products = insertInto('products', 5)
  const prices: number[] = []
  for (let id = 1; id <= PRODUCTS; id++) {
    const name = `${pick(words.quality)} ${pick(words.material)} ${pick(words.thing)}`
    const description = `A ${pick(words.quality)} and ${pick(words.quality)} ${name} for the ${pick(words.use)}, made of ${pick(words.material)}`
    prices[id] = 500 + random(20_000)
    products.run(id, `SKU-${1000 + id}`, name, description, prices[id]!)
  }

  const orders = insertInto('orders', 4)
  const items = insertInto('orderItems', 5)
  const firstHour = Date.UTC(2026, 0, 1)
  for (let id = 1; id <= ORDERS; id++) {
    const placedAt = new Date(firstHour + id * 2 * 3_600_000).toISOString()
    orders.run(id, 1 + random(CUSTOMERS), placedAt, pick(words.note))
    const lines = 12 + random(16)
    for (let line = 1; line <= lines; line++) {
      const productId = 1 + random(PRODUCTS)
      items.run(id, line, productId, 1 + random(5), prices[productId]!)
    }
  }

  const movements = insertInto('stockMovements', 3)
  for (let id = 1; id <= MOVEMENTS; id++) {
    movements.run(id, 1 + random(PRODUCTS), random(100) - 30)
  }

  database.exec('COMMIT')
  database.close()
}

/** Gives the same whole numbers, from 0 to below `limit`, on every run. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    // The linear congruential generator of Numerical Recipes; its high bits are the random ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
