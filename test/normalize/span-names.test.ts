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
  expect(nameMiddleware(session).spans.map(({ name }) => name)).toEqual([
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
  expect(nameMiddleware(reaching).spans.map(({ name }) => name)).toEqual(['auth middleware'])
})

it('takes a mounted application for a handler', () => {
  const mounted = buildSession(
    `${DISPATCH};lib:hono/handler@dist/hono-base.js:238;legacy@src/legacy.ts:3;[await] 10`,
    { spans: [{ name: 'ALL /legacy/* middleware', kind: 'middleware', start: 0, end: 10 }] }
  )
  expect(nameMiddleware(mounted).spans).toMatchObject([
    { name: 'ALL /legacy/* handler', kind: 'handler' },
  ])
})

it('looks into what Hono puts around the functions of a sub-application', () => {
  const wrapped = buildSession(
    `
    ${DISPATCH};lib:hono/handler@dist/hono-base.js:113 1
    ${DISPATCH};lib:hono/handler@dist/hono-base.js:113;lib:hono/(anonymous)@dist/hono-base.js:114;auth middleware@src/auth.ts:3;[await] 9
    `,
    { spans: [{ name: 'ALL /sub/* middleware', kind: 'middleware', start: 0, end: 10 }] }
  )
  expect(nameMiddleware(wrapped).spans).toMatchObject([
    { name: 'auth middleware', kind: 'middleware' },
  ])
})

it('gives a function the whole of a route of which its source has a part', () => {
  const partly = buildSession(`${DISPATCH};ALL * middleware@src/shop.ts:3;[await] 10`, {
    spans: [{ name: 'ALL /shop/* middleware', kind: 'middleware', start: 0, end: 10 }],
  })
  const { functions, spans } = nameMiddleware(partly)
  expect(functions.map(({ name }) => name)).toEqual(['dispatch', 'ALL /shop/* middleware'])
  expect(spans).toEqual(partly.spans)
})

it('leaves names alone that say more than the route', () => {
  const spans = session.spans.map((span) => ({ ...span, name: 'logger' }))
  expect(nameMiddleware({ ...session, spans }).spans).toEqual(spans)
})

it('leaves the route where no stack tells more', () => {
  const bundled = buildSession('t;e;[await] 10', {
    spans: [{ name: 'ALL /* middleware', kind: 'middleware', start: 0, end: 10 }],
  })
  expect(nameMiddleware(bundled).spans).toEqual(bundled.spans)
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
