/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { raw } from 'hono/html'
import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Pair } from './reports.ts'
import type { Match } from './search.ts'
import type { CustomerRevenue, ItemDetails, MonthRevenue, Order, OrderSummary } from './shop.ts'
import { css } from './style.ts'
import type { Quote } from './suppliers.ts'

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

/** The frame of every page. */
export function Layout({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <style>{raw(css)}</style>
        </head>
        <body>
          <main>
            <h1>{title}</h1>
            {children}
          </main>
        </body>
      </html>
    </>
  )
}

/** A number, with a unit if need be; `value` is what it is without formatting. */
function Amount({ value, text }: { value: number; text?: string }) {
  return <data value={String(value)}>{text ?? value}</data>
}

function Money({ cents }: { cents: number }) {
  return <Amount value={cents / 100} text={money.format(cents / 100)} />
}

type Columns<Row> = Record<string, (row: Row) => Child>

/** A table: for each column its heading and what a row shows there. */
function Table<Row>({ rows, columns }: { rows: Row[]; columns: Columns<Row> }) {
  return (
    <table>
      <thead>
        <tr>
          {Object.keys(columns).map((heading) => (
            <th scope="col">{heading}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {Object.values(columns).map((cell) => (
              <td>{cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const dateOf = (placedAt: string) => <time datetime={placedAt}>{placedAt.slice(0, 10)}</time>

const orderColumns: Columns<OrderSummary> = {
  Order: ({ id }) => <a href={`/orders/${id}`}>{id}</a>,
  Placed: ({ placedAt }) => dateOf(placedAt),
  Customer: ({ customer }) => customer,
  Items: ({ items }) => <Amount value={items} />,
  Total: ({ cents }) => <Money cents={cents} />,
}

export function OrdersPage({ orders }: { orders: OrderSummary[] }) {
  return (
    <Layout title="Orders">
      <Table rows={orders} columns={orderColumns} />
    </Layout>
  )
}

const itemColumns: Columns<ItemDetails> = {
  Product: ({ product }) => product,
  'In stock': ({ stock }) => <Amount value={stock} />,
  Quantity: ({ quantity }) => <Amount value={quantity} />,
  Price: ({ cents }) => <Money cents={cents} />,
  Total: ({ quantity, cents }) => <Money cents={quantity * cents} />,
}

export function OrderPage({ order, items }: { order: Order; items: ItemDetails[] }) {
  return (
    <Layout title={`Order ${order.id}`}>
      <p>
        Placed by {order.customer} on {dateOf(order.placedAt)}. {order.note}
      </p>
      <Table rows={items} columns={itemColumns} />
    </Layout>
  )
}

const quoteColumns: Columns<Quote> = {
  Supplier: ({ supplier }) => supplier,
  Product: ({ sku }) => sku,
  'In stock': ({ inStock }) => <Amount value={inStock} />,
  Price: ({ cents }) => <Money cents={cents} />,
}

export function PricesPage({ quotes }: { quotes: Quote[] }) {
  return (
    <Layout title="Prices">
      <Table rows={quotes} columns={quoteColumns} />
    </Layout>
  )
}

interface Dashboard {
  revenue: MonthRevenue[]
  customers: CustomerRevenue[]
  pairs: Pair[]
  quotes: Quote[]
}

export function DashboardPage({ revenue, customers, pairs, quotes }: Dashboard) {
  return (
    <Layout title="Dashboard">
      <h2>Revenue by month</h2>
      <Table
        rows={revenue}
        columns={{ Month: ({ month }) => month, Revenue: ({ cents }) => <Money cents={cents} /> }}
      />
      <h2>Best customers</h2>
      <Table
        rows={customers}
        columns={{
          Customer: ({ name }) => name,
          City: ({ city }) => city,
          Revenue: ({ cents }) => <Money cents={cents} />,
        }}
      />
      <h2>Bought together</h2>
      <Table
        rows={pairs}
        columns={{
          Products: ({ products }) => products,
          Orders: (pair) => <Amount value={pair.orders} />,
        }}
      />
      <h2>Suppliers</h2>
      <Table rows={quotes} columns={quoteColumns} />
    </Layout>
  )
}

export function SearchPage({ query, matches }: { query: string; matches: Match[] }) {
  return (
    <Layout title="Search">
      <form>
        <input name="q" value={query} aria-label="Search for" /> <button>Search</button>
      </form>
      <Table
        rows={matches}
        columns={{
          Product: ({ product }) => product.name,
          Description: ({ product }) => product.description,
          Price: ({ product }) => <Money cents={product.cents} />,
          Distance: ({ distance }) => <Amount value={distance} />,
        }}
      />
    </Layout>
  )
}
