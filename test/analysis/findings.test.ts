import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/analysis/findings.ts'
import { findings } from '../../src/analysis/findings.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import type { BuildOptions } from '../helpers/build-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const kinds = (data: SessionData): string[] => findings(data).map(({ kind }) => kind)

const only = (data: SessionData): Finding => {
  const found = findings(data)
  expect(found).toHaveLength(1)
  return found[0]!
}

type Wait = NonNullable<BuildOptions['waits']>[number]

/** A request that only waits, at the places and times of its waits; those that begin early run in parallel. */
function waiting(...waits: Wait[]): SessionData {
  let atMs = 0
  const samples = waits.map(({ path, end }) => {
    const ms = Math.max(0, end - atMs)
    atMs = Math.max(atMs, end)
    return `${path};[await] ${ms}`
  })
  return buildSession(samples.join('\n'), { waits })
}

const inTurn = (path: (i: number) => string, times: number, ms: number): Wait[] =>
  Array.from({ length: times }, (_, i) => ({ path: path(i), start: i * ms, end: (i + 1) * ms }))

describe('awaits in sequence', () => {
  it('are told where one line awaits again and again, with what they could take together', () => {
    const data = waiting(...inTurn(() => 'handler#3;loadItems@src/db.ts:10#14', 10, 4))
    expect(only(data)).toEqual({
      kind: 'sequential-awaits',
      title:
        '10 awaits one after another in loadItems (src/db.ts:14): 40.0 ms, 100% of the request',
      advice:
        'If none needs the result of the one before, start them together with Promise.all, or ask once for everything: it could take 4.00 ms.',
      time: 40,
      saving: 36,
      function: data.functions[1],
      line: 14,
      waits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      view: 'timeline',
    })
  })

  it.each([
    ['    for await (const chunk of body) {', false],
    ['    const { value, done } = await reader.read()', false],
    ['    items.push(await readItem(id))', true],
  ])('are told of %j: %s', (text, isTold) => {
    const data = waiting(...inTurn(() => 'handler#3;loadItems@src/db.ts:10#14', 10, 4))
    data.sources = [{ file: '/project/src/db.ts', startLine: 14, lines: [text] }]
    expect(kinds(data)).toEqual(isTold ? ['sequential-awaits'] : [])
  })

  it('are no loop where Promise.all started the calls, and a limit lets one run at a time', () => {
    const data = waiting(
      ...[10, 20, 30].flatMap((end): Wait[] => [
        { path: 'handler#3;resize@src/image.ts:4#6;query@src/db.ts:2', start: end - 10, end },
        { path: 'handler#3', start: 0, end: end + 0.2 },
      ])
    )
    const limited = data.waits.map((wait, i) => (i % 2 ? { ...wait, name: 'Promise.all' } : wait))
    const [found] = findings({ ...data, waits: limited })
    expect(found!.title).toMatch(/^3 calls one at a time in query \(src\/db.ts:2\): 29.6 ms/)
    expect(found!.advice).toMatch(/^They are started together.* it could take 9.87 ms\.$/)
    expect(findings(data)[0]!.title).toMatch(/^3 awaits one after another/)
  })

  it.each([
    ['attempts that failed', inTurn(() => 'retry@src/db.ts:10#14', 4, 20), '4 attempts one after'],
    [
      'what comes instead, or after it',
      [
        ...inTurn(() => 'retry@src/db.ts:10#14', 1, 20),
        { path: 'retry@src/db.ts:10#17', start: 20, end: 60 },
      ],
      undefined,
    ],
    [
      'two of them, one instead of the other',
      [
        ...inTurn(() => 'retry@src/db.ts:10#14', 1, 20),
        { path: 'retry@src/db.ts:10#18', start: 20, end: 60 },
      ],
      undefined,
    ],
  ])('are not those of a function that was to return: %s', (_name, waits, title) => {
    const data = waiting(...waits)
    const lines = [
      'try {',
      'return await query(id)',
      '} catch (error) {',
      'lastError = error',
      'await sleep(40)',
      'return await cached(id)',
    ]
    data.sources = [{ file: '/project/src/db.ts', startLine: 13, lines }]
    const [found] = findings(data)
    expect(found?.title.slice(0, title?.length)).toBe(title)
    expect(found?.advice ?? '').not.toContain('Promise.all')
  })

  it.each([
    ['const user = await loadUser(id)', 'const orders = await loadOrders(user.id)', false],
    ['const [first] = await list()', 'return c.json(await load({ first }))', false],
    ['const { body }: Answer = await ask()', 'await body.json()', false],
    ['const { data: user } = await ask()', 'const text = await data(user)', false],
    ['const { data: user } = await ask()', 'const text = await data(id)', true],
    ['const user = await loadUser(id)', "const news = await load('user', site.user)", true],
    ['const user = await loadUser(id)', 'user.news = await loadNews()', true],
  ])('of %j and %j are told: %s', (first, second, isTold) => {
    const lines = [first, second]
    const sources = [{ file: '/project/src/app.ts', startLine: 3, lines }]
    const [one, other] = ['handler@src/app.ts:1#3', 'handler@src/app.ts:1#4']
    const once = waiting({ path: one, start: 0, end: 40 }, { path: other, start: 40, end: 70 })
    expect(kinds({ ...once, sources })).toEqual(isTold ? ['sequential-awaits'] : [])
    const loop = waiting(...inTurn((i) => (i === 0 ? one : other), 6, 20))
    expect(kinds({ ...loop, sources })).toEqual(['sequential-awaits'])
  })

  it.each([
    [2, false],
    [6, true],
  ])('of one line that needs its own result, %d times, are told: %s', (times, isTold) => {
    const data = waiting(...inTurn(() => 'handler@src/app.ts:1#3', times, 20))
    const lines = ['const row = await load(i); rows.push(await whole(row))']
    data.sources = [{ file: '/project/src/app.ts', startLine: 3, lines }]
    expect(kinds(data)).toEqual(isTold ? ['sequential-awaits'] : [])
  })

  it('are told at the loop, not in what the loop calls', () => {
    const line = 'handler#3;loadItems@src/db.ts:10#14'
    const data = waiting(
      ...inTurn((i) => (i % 2 ? line : `${line};query@src/db.ts:2#5`), 10, 4).map((wait, i) =>
        // Each call of `query` is awaited by `loadItems` as well.
        i % 2 ? { ...wait, start: wait.start - 4 } : wait
      )
    )
    expect(only(data)).toMatchObject({ line: 14, waits: [1, 3, 5, 7, 9] })
  })

  it('are two different lines of one function as well, which counts for less', () => {
    const data = waiting(
      { path: 'handler#3', start: 0, end: 40 },
      { path: 'handler#4', start: 40, end: 70 }
    )
    expect(only(data)).toMatchObject({
      title:
        'Awaits one after the other in handler (src/app.ts:3), together with line 4: 70.0 ms, 100% of the request',
      saving: 15,
      line: 3,
    })
  })

  it('are not operations that ran at the same time', () => {
    const together = Array.from({ length: 6 }, (_, i) => ({
      path: `handler#${3 + (i % 2)}`,
      start: i / 10,
      end: 40 + i,
    }))
    expect(findings(waiting(...together))).toEqual([])
    const startedBefore = [30, 40, 50].map((end, i) => ({
      path: `handler#${5 + i}`,
      start: 0,
      awaited: end - 10,
      end,
    }))
    expect(findings(waiting(...startedBefore))).toEqual([])
  })

  it('are not the waits of a middleware for itself and for the rest of the chain', () => {
    const next = 'auth#12;lib:hono/dispatch@compose.js:20'
    const data = waiting(
      { path: 'auth#11', start: 0, end: 30 },
      { path: `${next};handler#20`, start: 30, end: 60 },
      { path: 'auth#12', start: 30, end: 60 }
    )
    expect(findings(data)).toEqual([])
  })

  it('are not one await in each of many requests', () => {
    const session = new Session(waiting({ path: 'handler#3', start: 0, end: 40 }))
    expect(Session.combine([session, session, session]).findings()).toEqual([])
    const slow = new Session(waiting(...inTurn(() => 'handler#3', 4, 10)))
    const [finding] = Session.combine([slow, slow]).findings()
    expect(finding!.title).toBe(
      '8 awaits one after another in handler (src/app.ts:3): 80.0 ms (40.0 ms a request), 100% of the request'
    )
    expect(finding!.advice).toContain('it could take 20.0 ms (10.0 ms a request)')
  })
})

describe('findings', () => {
  it('are none for a request that is fine', () => {
    const fine =
      'handler 1\nhandler#2;lib:pg/query;[await] 30\nhandler;lib:hono/json@context.js:3 1'
    expect(findings(buildSession(fine))).toEqual([])
    expect(findings(buildSession('handler 4'))).toEqual([])
    expect(findings(buildSession(''))).toEqual([])
  })

  it('name the function that takes most of the processor, and how long it holds the event loop', () => {
    const data = buildSession('handler#2;[await] 20\nhandler#3;rank@src/a.ts:9#12;lib:x/cmp 60')
    expect(only(data)).toMatchObject({
      kind: 'hot-function',
      title:
        'rank (src/a.ts:12) takes 60.0 ms of processor time, 75% of the request; the event loop is held for 60 ms at a stretch',
      time: 60,
      line: 12,
      view: 'call-stack',
    })
  })

  it('speak of fast requests when there are many', () => {
    const one = new Session(buildSession('rank@src/a.ts:9#12 2'))
    expect(one.findings()).toEqual([])
    expect(Session.combine(Array.from({ length: 50 }, () => one)).findings()).toMatchObject([
      { kind: 'hot-function', time: 100 },
    ])
  })

  it('name what held the event loop', () => {
    const data = buildSession('handler#2;[await] 20\nhandler#2;[blocked] 30', {
      blockers: [
        { path: 'report@src/r.ts:3#7;native:hash', start: 20, duration: 25 },
        { path: 'other@src/r.ts:30#31', start: 45, duration: 5 },
      ],
    })
    expect(only(data)).toMatchObject({
      kind: 'blocked',
      time: 30,
      line: 7,
      function: { name: 'report' },
    })
    expect(findings(data)[0]!.title).toContain('report (src/r.ts:7) held it for 25.0 ms')
  })

  it('tell of collecting, and of turning data into JSON whoever calls it', () => {
    expect(kinds(buildSession('build#2;[gc] 20\nhandler;[await] 50'))).toEqual([
      'garbage-collection',
      'hot-function',
    ])
    const json = buildSession(
      'handler#2;lib:hono/json@context.js:310;native:JSON.stringify 20\nhandler#1;[await] 50'
    )
    expect(only(json)).toMatchObject({ kind: 'serialization', time: 20, line: 2 })
    const own = buildSession('handler#2;native:stringify;toJSON@src/a.ts:4 20\n[await] 20')
    expect(findings(own)).toContainEqual(
      expect.objectContaining({ kind: 'serialization', time: 20 })
    )
  })

  it('do not count the making of a response as turning data into JSON', () => {
    const respond = 'lib:hono/json@context.js:336;lib:hono/newResponse@context.js:256'
    const data = buildSession(`handler#2;${respond};runtime:Response 30\nhandler#1;[await] 50`)
    expect(kinds(data)).not.toContain('serialization')
  })

  it('know a call that the sampler does not show by the text of its line', () => {
    const data = buildSession('build@src/a.ts:1#2 30\nbuild@src/a.ts:1#3 30\n[await] 40')
    expect(kinds(data)).toEqual(['hot-function'])
    const lines = ['const rows = list()', 'return JSON.stringify(rows)']
    const sources = [{ file: '/project/src/a.ts', startLine: 2, lines }]
    expect(findings({ ...data, sources })).toContainEqual(
      expect.objectContaining({ kind: 'serialization', time: 30, line: 3 })
    )
  })

  it('tell of a slow middleware', () => {
    const data = buildSession(
      'auth@src/auth.ts:4#6;[await] 30\nauth@src/auth.ts:4#7;h;[await] 30',
      {
        spans: [
          { name: 'auth', kind: 'middleware', start: 0, end: 60 },
          { name: 'GET /', kind: 'handler', start: 30, end: 60, parent: 0 },
        ],
      }
    )
    expect(only(data)).toMatchObject({
      kind: 'slow-middleware',
      title:
        'The middleware auth (src/auth.ts:6) takes 30.0 ms for itself, 50% of the request, 30.0 ms of it waiting',
      function: { name: 'auth' },
      view: 'middleware',
    })
  })

  it('place a slow middleware where Hono calls it, whatever else is called so', () => {
    const data = buildSession(
      `timeout@src/timers.ts:1 1
      lib:hono/dispatch@dist/compose.js:24;timeout@src/timeout.ts:4#6;[await] 60`,
      { spans: [{ name: 'timeout', kind: 'middleware', start: 0, end: 61 }] }
    )
    expect(only(data)).toMatchObject({
      kind: 'slow-middleware',
      function: { name: 'timeout', file: '/project/src/timeout.ts' },
    })
  })

  it('name what a library’s middleware calls of the application', () => {
    const chain = 'lib:hono/dispatch@dist/compose.js:24'
    const data = buildSession(
      `session@src/app.ts:3#4;${chain};lib:hono/bearerAuth@dist/bearer-auth.js:75;verify@src/app.ts:8#9;query@src/db.ts:2;[await] 60`,
      { spans: [{ name: 'bearerAuth', kind: 'middleware', start: 0, end: 60 }] }
    )
    const found = only(data)
    expect(found).toMatchObject({ function: { name: 'verify' }, line: 9 })
    expect(found.title).toMatch(
      /^The middleware bearerAuth .*, most of it in verify \(src\/app.ts:9\)$/
    )
  })

  it('stand in order of what could be saved, within the request', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const found = findings(data)
        const savings = found.map(({ saving }) => saving)
        expect(savings).toEqual([...savings].sort((a, b) => b - a))
        for (const { time, saving, waits, title, function: fn } of found) {
          expect(time).toBeLessThanOrEqual(data.meta.duration + 1e-6)
          expect(saving).toBeLessThanOrEqual(time + 1e-6)
          expect(time).toBeGreaterThanOrEqual(5)
          expect(waits.every((i) => i in data.waits)).toBe(true)
          expect(title).not.toMatch(/NaN|undefined|Infinity/)
          expect(fn === undefined || data.functions.includes(fn)).toBe(true)
        }
      })
    )
  })

  it('are about the same for a request and for the same request several times', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const session = new Session(data)
        const merged = Session.combine([session, session])
        const found = merged.findings()
        for (const { kind, time } of session.findings()) {
          const same = found.find((other) => other.kind === kind)
          expect(same?.time ?? 0).toBeGreaterThanOrEqual(2 * time - 1e-6)
        }
      })
    )
  })
})

describe('a timeout', () => {
  const outer = 'handler#3;loadUser@src/user.ts:8#9'
  const inner = `${outer};query@src/db.ts:20#21`
  const unfinished = { critical: false, unfinished: true as const }
  const timer: Wait = { path: 'handler#3;runtime:setTimeout', start: 0, end: 100 }

  it('is told with the line that was still waiting, all its waits together', () => {
    const data = waiting(
      { path: inner, start: 0, end: 40, critical: false },
      timer,
      { path: outer, start: 0, end: 100, ...unfinished },
      { path: inner, start: 40, end: 100, ...unfinished }
    )
    expect(findings(data)[0]).toMatchObject({
      kind: 'timeout',
      title:
        'Timed out while waiting in query (src/db.ts:21), called in loadUser (src/user.ts:9): 100 ms in 2 waits, 100% of the request',
      line: 21,
      waits: [0, 3],
      saving: 100,
    })
  })

  it('says that there were others', () => {
    const data = waiting(
      timer,
      { path: inner, start: 0, end: 100, ...unfinished },
      { path: 'handler#3;loadCart#7', start: 50, end: 100, ...unfinished }
    )
    expect(only(data).title).toContain('loadUser (src/user.ts:9), and in 1 other place: 100 ms, ')
  })

  it('is not told where it came soon', () => {
    const data = waiting({ ...timer, end: 200 }, { path: inner, start: 0, end: 8, ...unfinished })
    expect(kinds(data)).toEqual([])
  })
})
