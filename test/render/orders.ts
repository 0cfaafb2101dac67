import type { SessionData } from '../../src/session/records.ts'
import { buildSession } from '../helpers/build-session.ts'

const dispatch = 'lib:hono/dispatch@compose.js:20'
const auth = `${dispatch};lib:hono/logger@logger.js:30;${dispatch};requireUser@src/auth.ts:8`
const handler = `${auth}#12;${dispatch};listOrders@src/orders.ts:16`
const query =
  'lib:pg/query@client.js:540;lib:pg-pool/connect@index.js:200;lib:pg-pool/acquire@index.js:80'

/** A request that waits for a query and ten more, is blocked by others, and then renders a table. */
export function ordersSession(): SessionData {
  const loadOrders = `${handler}#19;loadOrders@src/db.ts:10#14`
  const loadCustomer = `${handler}#22;loadCustomer@src/db.ts:31#33`
  const renderTable = `${handler}#25;renderTable@src/table.tsx:7#15`
  const data = buildSession(
    `
      ${auth}#12;loadUser@src/auth.ts:41#44;[await] 18
      ${handler}#19 2
      ${loadOrders};${query};[await] 60
      ${loadOrders};${query};lib:pg/parseRow@result.js:90 7
      ${loadOrders};[blocked] 58
      ${`${loadCustomer};${query};[await] 15\n`.repeat(2)}
      ${loadCustomer} 5
      ${renderTable};native:stringify 30
      ${renderTable};formatPrice@src/money.ts:3#5 84
      ${renderTable};[gc] 6
    `,
    {
      meta: {
        description: 'GET /orders?page=2',
        request: { method: 'GET', path: '/orders?page=2', route: '/orders', status: 200 },
        fidelity: { cpu: 'sampled by V8 every 1 ms', waits: 'every await, with its line' },
        sampleCount: 166,
      },
      waits: [
        { path: `${auth}#12;loadUser@src/auth.ts:41#44`, start: 0, end: 18 },
        { path: `${loadOrders};lib:pg/query@client.js:540`, start: 20, end: 80 },
        { path: `${loadCustomer};lib:pg/query@client.js:540`, start: 145, end: 160 },
        { path: `${loadCustomer};lib:pg/query@client.js:540`, start: 160, end: 175 },
      ].map((wait) => ({ ...wait, critical: wait.start !== 160 })),
    }
  )
  data.waits.forEach((wait, i) => (wait.name = i === 0 ? 'loadUser' : 'query'))
  return data
}
