/** What the middleware costs a request that does not ask, beyond a middleware that does nothing. */
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { profiler } from 'hono-profiler'
import type { Row } from './measure.ts'
import { inTurns, median, onCoarseClock, runtime } from './measure.ts'
import { requestOfNodeServer } from './node-server.ts'

const REQUESTS = 600 * onCoarseClock(50)
/** So many that even differences of a few ns have a stable median. */
const ROUNDS = Math.ceil(250 / onCoarseClock(20))

const HEADERS = {
  host: 'localhost:3000',
  'user-agent': 'Mozilla/5.0',
  accept: 'text/html',
  'accept-encoding': 'gzip',
  'accept-language': 'en',
  cookie: 'session=abcdef',
}

const passOn: MiddlewareHandler = (_c, next) => next()
const query: MiddlewareHandler = (c, next) => (c.req.query('profile') ? undefined! : next())
const includes: MiddlewareHandler = (c, next) =>
  c.req.raw.url.includes('profile') ? undefined! : next()

function appWith(middleware: MiddlewareHandler): Hono {
  const app = new Hono()
  app.use(passOn, middleware)
  const response = new Response('own')
  app.get('/orders', () => response)
  return app
}

/** What `app.fetch` is given. */
type Given = [request: Request, env?: object]

async function rowOf(what: string, given: Given): Promise<Row> {
  const perRequest = (middleware: MiddlewareHandler) => {
    const app = appWith(middleware)
    return async (): Promise<number> => {
      const startMs = performance.now()
      for (let i = 0; i < REQUESTS; i++) {
        await app.fetch(...given)
      }
      return ((performance.now() - startMs) * 1e6) / REQUESTS
    }
  }
  const ns = await inTurns(ROUNDS, {
    nothing: perRequest(passOn),
    profiler: perRequest(profiler()),
    query: perRequest(query),
    includes: perRequest(includes),
  })
  const over = (name: keyof typeof ns): string =>
    `${median(ns[name].map((each, i) => each - ns.nothing[i]!)).toFixed(0)} ns`
  return {
    what: `${what}, over a middleware that does nothing`,
    measured: over('profiler'),
    beside: `\`c.req.query\` ${over('query')}, \`url.includes\` ${over('includes')}`,
    reach: '60 ns',
  }
}

const PATHS = ['/orders', '/orders?page=2&sort=name']

/** An application has requests of one kind, for which its code is optimized: they come one kind after the other. */
export async function* rows(): AsyncGenerator<Row> {
  if (runtime === 'node') {
    for (const path of PATHS) {
      const what = `a request that does not ask, \`${path}\`, from \`@hono/node-server\``
      yield rowOf(what, await requestOfNodeServer(path, HEADERS))
    }
  }
  for (const path of PATHS) {
    const what = `a request that does not ask, \`${path}\``
    yield rowOf(what, [new Request(`http://localhost${path}`, { headers: HEADERS })])
  }
}
