/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { Layout } from './views.tsx'

interface Link {
  path: string
  about: string
  /** What curl needs beside the URL, for a route that a browser cannot open with a link. */
  curl?: string
}

const links: Link[] = [
  {
    path: '/orders/17',
    about:
      'An order and its items, the classic N+1: two queries for each item, one after the other.',
  },
  { path: '/orders/17/fast', about: 'The same order with one joined query.' },
  {
    path: '/dashboard',
    about: 'Promise.all over three queries, a calculation and four calls to the suppliers.',
  },
  {
    path: '/prices?sku=SKU-1017',
    about: 'Four calls to the suppliers in turn, which could run at the same time.',
  },
  { path: '/orders', about: 'The latest 300 orders: one query, then a long table made with JSX.' },
  {
    path: '/search?q=wirless+bambo+keybord',
    about: 'A search that forgives typing errors: one hot function on the processor.',
  },
  { path: '/export', about: 'All orders as several megabytes of JSON.' },
  {
    path: '/report/block',
    about: 'A report from synchronous SQLite, signed: it holds the event loop, and others feel it.',
  },
  { path: '/broken', about: 'Works for a while and then throws; its profile carries the error.' },
  {
    path: '/orders',
    about: 'Places an order, with JSON in the body of a POST request.',
    curl: `-H 'content-type: application/json' -d '{"items":[{"productId":17,"quantity":2}]}'`,
  },
]

/** The start page: every route, plain and profiled. `origin` is where the demo listens. */
export function StartPage({ origin }: { origin: string }) {
  return (
    <Layout title="hono-profiler demo">
      <p>
        A small shop that is slow for the usual reasons. Open a route as it is, or profiled: then it
        answers with its own call tree, waiting included.
      </p>
      <ul class="routes">
        {links.map((link) => (
          <Route origin={origin} {...link} />
        ))}
      </ul>
      <h2>Fast alone, slow under load</h2>
      <p>
        Profile one request and let another one hold the event loop meanwhile: the time it took from
        the first one stands as <code>[blocked]</code>.
      </p>
      <pre>{`curl '${origin}/prices?profile=text' & curl -so /dev/null ${origin}/report/block; wait`}</pre>
    </Layout>
  )
}

function Route({ origin, path, about, curl }: Link & { origin: string }) {
  const profiled = (format: string) => `${path}${path.includes('?') ? '&' : '?'}profile=${format}`
  return (
    <li>
      <h2>
        {curl ? 'POST' : 'GET'} {path}
      </h2>
      <p>{about}</p>
      {!curl && (
        <nav>
          <a href={path}>plain</a> <a href={profiled('1')}>profiled</a>{' '}
          <a href={profiled('text')}>as text</a>
        </nav>
      )}
      <pre>{['curl', curl, `'${origin}${profiled('text')}'`].filter(Boolean).join(' ')}</pre>
    </li>
  )
}
