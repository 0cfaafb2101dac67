import { expect, it } from 'vitest'
import { nameMiddleware } from '../../src/normalize/span-names.ts'
import { buildSession } from '../helpers/build-session.ts'

const DISPATCH = 'lib:hono/dispatch@dist/compose.js:24'

/** `auth()` makes a middleware without a name; the handler has none either. */
const session = buildSession(
  `
  ${DISPATCH} 1
  ${DISPATCH};auth middleware@src/auth.ts:3;[await] 4
  ${DISPATCH};auth middleware@src/auth.ts:3;${DISPATCH};GET /a handler@src/app.ts:9;sub middleware 3
  ${DISPATCH};auth middleware@src/auth.ts:3 2
  `,
  {
    spans: [
      { name: 'ALL /* middleware', kind: 'middleware', start: 0, end: 10 },
      { name: 'GET /shop/a handler', kind: 'handler', start: 5, end: 8, parent: 0 },
      { name: 'load', kind: 'user', start: 5, end: 8, parent: 1 },
    ],
  }
)

it('gives middleware the name that its source has, and leaves handlers their route', () => {
  expect(nameMiddleware(session).map(({ name }) => name)).toEqual([
    'auth middleware',
    'GET /shop/a handler',
    'load',
  ])
})

it('takes the name with most time: the sample before a middleware can reach into it', () => {
  const reaching = buildSession(
    `
    ${DISPATCH};logger@lib:hono/dist/middleware/logger/index.js:40 2
    ${DISPATCH};auth middleware@src/auth.ts:3;[await] 8
    `,
    { spans: [{ name: 'ALL /* middleware', kind: 'middleware', start: 0.8, end: 10 }] }
  )
  expect(nameMiddleware(reaching).map(({ name }) => name)).toEqual(['auth middleware'])
})

it('takes a mounted application for a handler', () => {
  const mounted = buildSession(
    `${DISPATCH};lib:hono/handler@dist/hono-base.js:238;legacy@src/legacy.ts:3;[await] 10`,
    { spans: [{ name: 'ALL /legacy/* middleware', kind: 'middleware', start: 0, end: 10 }] }
  )
  expect(nameMiddleware(mounted)).toMatchObject([
    { name: 'ALL /legacy/* handler', kind: 'handler' },
  ])
})

it('leaves names alone that say more than the route', () => {
  const spans = session.spans.map((span) => ({ ...span, name: 'logger' }))
  expect(nameMiddleware({ ...session, spans })).toEqual(spans)
})

it('leaves the route where no stack tells more', () => {
  const bundled = buildSession('t;e;[await] 10', {
    spans: [{ name: 'ALL /* middleware', kind: 'middleware', start: 0, end: 10 }],
  })
  expect(nameMiddleware(bundled)).toEqual(bundled.spans)
})

it('looks at what the user marked once, not for each sample', () => {
  let reads = 0
  const marked = {
    ...session.spans[2]!,
    get kind() {
      reads++
      return 'user' as const
    },
  }
  nameMiddleware({ ...session, spans: [...session.spans.slice(0, 2), marked] })
  expect(session.samples.stack.length).toBeGreaterThan(2)
  expect(reads).toBeLessThanOrEqual(2)
})
