import type { SessionData, SessionMeta } from '../../src/session/records.ts'
import { buildSession } from './build-session.ts'

const DISPATCH = 'lib:hono/dispatch@compose.js:14'
const LOGGER = `runtime:runRequest@internal/async_hooks:120;${DISPATCH};logger@src/middleware/logger.ts:8#11`
const AUTH = `${LOGGER};${DISPATCH};requireUser@src/middleware/auth.ts:12`
const HANDLER = `${AUTH}#21;${DISPATCH};listOrders@src/routes/orders.ts:31`
const QUERY = 'lib:pg/query@lib/client.js:526;lib:pg/_pulse@lib/client.js:482'
const FETCH =
  'lib:undici/fetch@lib/web/fetch/index.js:134;lib:undici/dispatcher@lib/dispatcher/agent.js:60'

const loadItems = (lines: string[], item: number) => {
  const call = `${HANDLER}#47;loadItems@src/routes/orders.ts:62#64`
  lines.push(`${call};${QUERY} 0.${3 + (item % 4)}`)
  lines.push(`${call};${QUERY};[await] ${6 + (item % 5)}`)
  lines.push(`${call};lib:pg/parseRow@lib/result.js:70 0.4`)
}

function samples(): string {
  const lines = [
    `${LOGGER} 0.6`,
    `${AUTH}#15;lib:jose/jwtVerify@dist/jwt/verify.js:5;native:subtle.verify 2.1`,
    `${AUTH}#15;lib:jose/jwtVerify@dist/jwt/verify.js:5;[await] 3.4`,
    `${AUTH}#18;${QUERY};[await] 12.6`,
    `${HANDLER}#38;validateQuery@src/validation.ts:9;lib:zod/parse@v4/core/parse.js:21 3.2`,
    `${HANDLER}#41;${QUERY} 0.8`,
    `${HANDLER}#41;${QUERY};[await] 31.5`,
    `${HANDLER}#41;${QUERY};[blocked] 14.2`,
  ]
  for (let item = 0; item < 20; item++) {
    loadItems(lines, item)
  }
  const rates = `${HANDLER}#52;loadRates@src/rates.ts:14#19;${FETCH}`
  const stock = `${HANDLER}#52;loadStock@src/stock.ts:22#27;${FETCH}`
  const totals = `${HANDLER}#55;priceOrders@src/pricing.ts:18`
  lines.push(
    `${rates} 1.4`,
    `${stock} 1.1`,
    `${rates};[await] 44`,
    `${stock};[await] 18.5`,
    `${stock};[blocked] 5.5`,
    `${stock};lib:undici/json@lib/web/fetch/body.js:280;native:JSON.parse 2.7`,
    `${totals}#24;applyDiscounts@src/pricing.ts:40#48 26`,
    `${totals}#24;applyDiscounts@src/pricing.ts:40#48;[gc] 5.8`,
    `${totals}#24;applyDiscounts@src/pricing.ts:40#48;roundMoney@src/money.ts:3 19.4`,
    `${totals}#28 7.1`,
    `${HANDLER}#58;lib:hono/json@context.js:310;native:JSON.stringify 9.6`,
    `${LOGGER} 0.3`
  )
  return lines.join('\n')
}

/**
 * A request as applications have them: middleware, a query for each order in a loop, two requests in
 * parallel, computing, garbage collection, a blocked event loop.
 */
export function ordersSession(meta: Partial<SessionMeta> = {}): SessionData {
  return buildSession(samples(), {
    meta: {
      description: 'GET /orders',
      runtimeVersion: '24.21.0',
      startTime: Date.UTC(2026, 10, 23, 14, 3, 22),
      request: { method: 'GET', path: '/orders?limit=20', route: '/orders', status: 200 },
      fidelity: {
        cpu: 'V8 samples of this request alone, other requests left out',
        waits: 'every await of the request, seen by async_hooks',
      },
      overhead: { start: 2.4, excluded: 1.1, stop: 6.2 },
      ...meta,
    },
  })
}
