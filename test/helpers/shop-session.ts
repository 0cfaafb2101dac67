import type { SessionData, SessionMeta } from '../../src/session/records.ts'
import { buildSession } from './build-session.ts'

const HANDLER = 'session@src/session.ts:4#9;handler@src/shop.ts:10'

/** A chain of a middleware and a handler that asks the database once for each of five items, then computes; with source text. */
export function shopSession(meta: Partial<SessionMeta> = {}): SessionData {
  const item = `${HANDLER}#12;loadItem@src/shop.ts:20#21;lib:pg/query@client.js:5`
  const samples = [
    'session@src/session.ts:4#6 4',
    ...Array.from({ length: 5 }, () => `${item};[await] 20`),
    `${HANDLER}#14;price@src/price.ts:1#3 60`,
    `${HANDLER}#14;price@src/price.ts:1#5 20`,
  ]
  const waits = Array.from({ length: 5 }, (_, i) => ({
    path: item,
    start: 4 + i * 20,
    end: 24 + i * 20,
  }))
  const data = buildSession(samples.join('\n'), {
    meta: {
      description: 'GET /shop',
      startTime: Date.UTC(2026, 10, 23, 14, 3, 22),
      request: { method: 'GET', path: '/shop?q=1', route: '/shop', status: 200 },
      ...meta,
    },
    waits,
    spans: [
      { name: 'session', kind: 'middleware', start: 0, end: 184 },
      { name: 'GET /shop handler', kind: 'handler', start: 4, end: 184, parent: 0 },
    ],
  })
  const lines = ['export function price(items) {', '  let sum = 0', '  for (const item of items) {']
  data.sources = [{ file: '/project/src/price.ts', startLine: 1, lines }]
  return data
}
