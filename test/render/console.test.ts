import { describe, expect, it } from 'vitest'
import type { ConsoleOptions } from '../../src/render/console.ts'
import { consoleRenderer } from '../../src/render/console.ts'
import type { SessionMeta } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from './orders.ts'

const orders = (options?: ConsoleOptions) =>
  consoleRenderer(options).render(new Session(ordersSession()))

const render = (samples: string, options?: ConsoleOptions, meta?: Partial<SessionMeta>) =>
  consoleRenderer(options).render(new Session(buildSession(samples, { meta })))

describe('consoleRenderer', () => {
  it('draws the long form', () => {
    expect(orders()).toMatchInlineSnapshot(`
      "
         ▃       hono profiler
        ▄█▅▂     Recorded 2023-11-14 22:13:20 UTC
      ▅▇████▇▆▃  166 samples, one every 1 ms

      GET /orders?page=2 → 200  /orders  node 24.0.0
      Duration 300.0 ms   cpu 128.0 ms 43%   gc 6.0 ms 2%   await 108.0 ms 36%   blocked 58.0 ms 19%

      Your lines with most time, calls into libraries included
      125.0 ms  await 48%  loadOrders    src/db.ts:14
       84.0 ms  cpu        formatPrice   src/money.ts:5
       36.0 ms  cpu        renderTable   src/table.tsx:15
       35.0 ms  await 86%  loadCustomer  src/db.ts:33
       18.0 ms  await      loadUser      src/auth.ts:44

      300.0 ms GET /orders?page=2
      └─ 300.0 ms dispatch  hono/compose.js:20
         └─ 300.0 ms logger  hono/logger.js:30
            └─ 300.0 ms dispatch  hono/compose.js:20
               └─ 300.0 ms requireUser  src/auth.ts:8
                  ├─ 282.0 ms dispatch  hono/compose.js:20
                  │  └─ 282.0 ms listOrders  src/orders.ts:16
                  │     ├─ 125.0 ms loadOrders  src/db.ts:10
                  │     │  ├─ 67.0 ms query  pg/client.js:540
                  │     │  │     [3 frames hidden]  pg, pg-pool  waits 60.0 ms
                  │     │  └─ 58.0 ms [blocked]
                  │     ├─ 120.0 ms renderTable  src/table.tsx:7
                  │     │  ├─ 84.0 ms formatPrice  src/money.ts:3
                  │     │  ├─ 30.0 ms stringify
                  │     │  └─ 6.0 ms [gc]
                  │     └─ 35.0 ms loadCustomer  src/db.ts:31
                  │        ├─ 30.0 ms query  pg/client.js:540
                  │        │     [2 frames hidden]  pg-pool, pg  waits 30.0 ms
                  │        └─ 5.0 ms [self]
                  └─ 18.0 ms loadUser  src/auth.ts:41
                     └─ 18.0 ms [await]

      What stands out
      The event loop was busy with other work for 58.0 ms, 19% of the request, while it was ready to go on
        Look for synchronous work elsewhere in this process: this request itself is not at fault.
      formatPrice (src/money.ts:5) takes 84.0 ms of processor time, 28% of the request; the event loop is held for 125 ms at a stretch
        Do less there: a better algorithm, a cache, less data; what has to stay belongs in a worker thread, so that other requests can go on.
      Turning data into JSON or back takes 30.0 ms, 10% of the request, most of it for renderTable (src/table.tsx:15)
        Send and read less: fewer fields, pages instead of everything, or a cached answer.

      cpu       sampled by V8 every 1 ms
      waits     every await, with its line
      overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      "
    `)
  })

  it('draws the short form', () => {
    expect(orders({ shortMode: true, hide: 'src/auth.ts' })).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /orders?page=2 → 200  /orders  node 24.0.0
      .  Duration 300.0 ms   cpu 128.0 ms 43%   gc 6.0 ms 2%   await 108.0 ms 36%   blocked 58.0 ms 19%
      .
      .  300.0 ms GET /orders?page=2
      .  └─ 300.0 ms dispatch  hono/compose.js:20
      .     │  [4 frames hidden]  hono, src  waits 18.0 ms
      .     └─ 282.0 ms dispatch  hono/compose.js:20
      .        └─ 282.0 ms listOrders  src/orders.ts:16
      .           ├─ 125.0 ms loadOrders  src/db.ts:10
      .           │  ├─ 67.0 ms query  pg/client.js:540
      .           │  │     [3 frames hidden]  pg, pg-pool  waits 60.0 ms
      .           │  └─ 58.0 ms [blocked]
      .           ├─ 120.0 ms renderTable  src/table.tsx:7
      .           │  ├─ 84.0 ms formatPrice  src/money.ts:3
      .           │  ├─ 30.0 ms stringify
      .           │  └─ 6.0 ms [gc]
      .           └─ 35.0 ms loadCustomer  src/db.ts:31
      .              ├─ 30.0 ms query  pg/client.js:540
      .              │     [2 frames hidden]  pg-pool, pg  waits 30.0 ms
      .              └─ 5.0 ms [self]
      .
      .  cpu       sampled by V8 every 1 ms
      .  waits     every await, with its line
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('draws with ASCII alone', () => {
    const text = orders({ unicode: false })
    expect(text).toMatch(/^[\n -~]*$/)
    expect(text).toMatchInlineSnapshot(`
      "
          )      hono profiler
        (( )     Recorded 2023-11-14 22:13:20 UTC
       (( )())   166 samples, one every 1 ms

      GET /orders?page=2 -> 200  /orders  node 24.0.0
      Duration 300.0 ms   cpu 128.0 ms 43%   gc 6.0 ms 2%   await 108.0 ms 36%   blocked 58.0 ms 19%

      Your lines with most time, calls into libraries included
      125.0 ms  await 48%  loadOrders    src/db.ts:14
       84.0 ms  cpu        formatPrice   src/money.ts:5
       36.0 ms  cpu        renderTable   src/table.tsx:15
       35.0 ms  await 86%  loadCustomer  src/db.ts:33
       18.0 ms  await      loadUser      src/auth.ts:44

      300.0 ms GET /orders?page=2
      \`- 300.0 ms dispatch  hono/compose.js:20
         \`- 300.0 ms logger  hono/logger.js:30
            \`- 300.0 ms dispatch  hono/compose.js:20
               \`- 300.0 ms requireUser  src/auth.ts:8
                  |- 282.0 ms dispatch  hono/compose.js:20
                  |  \`- 282.0 ms listOrders  src/orders.ts:16
                  |     |- 125.0 ms loadOrders  src/db.ts:10
                  |     |  |- 67.0 ms query  pg/client.js:540
                  |     |  |     [3 frames hidden]  pg, pg-pool  waits 60.0 ms
                  |     |  \`- 58.0 ms [blocked]
                  |     |- 120.0 ms renderTable  src/table.tsx:7
                  |     |  |- 84.0 ms formatPrice  src/money.ts:3
                  |     |  |- 30.0 ms stringify
                  |     |  \`- 6.0 ms [gc]
                  |     \`- 35.0 ms loadCustomer  src/db.ts:31
                  |        |- 30.0 ms query  pg/client.js:540
                  |        |     [2 frames hidden]  pg-pool, pg  waits 30.0 ms
                  |        \`- 5.0 ms [self]
                  \`- 18.0 ms loadUser  src/auth.ts:41
                     \`- 18.0 ms [await]

      What stands out
      The event loop was busy with other work for 58.0 ms, 19% of the request, while it was ready to go on
        Look for synchronous work elsewhere in this process: this request itself is not at fault.
      formatPrice (src/money.ts:5) takes 84.0 ms of processor time, 28% of the request; the event loop is held for 125 ms at a stretch
        Do less there: a better algorithm, a cache, less data; what has to stay belongs in a worker thread, so that other requests can go on.
      Turning data into JSON or back takes 30.0 ms, 10% of the request, most of it for renderTable (src/table.tsx:15)
        Send and read less: fewer fields, pages instead of everything, or a cached answer.

      cpu       sampled by V8 every 1 ms
      waits     every await, with its line
      overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      "
    `)
  })

  it('lists functions by self time', () => {
    expect(orders({ shortMode: true, flat: true })).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /orders?page=2 → 200  /orders  node 24.0.0
      .  Duration 300.0 ms   cpu 128.0 ms 43%   gc 6.0 ms 2%   await 108.0 ms 36%   blocked 58.0 ms 19%
      .
      .  Functions by self time
      .  90.0 ms  await    acquire       pg-pool/index.js:80
      .  84.0 ms  cpu      formatPrice   src/money.ts:3
      .  58.0 ms  blocked  loadOrders    src/db.ts:10
      .  30.0 ms  cpu      stringify
      .  18.0 ms  await    loadUser      src/auth.ts:41
      .   7.0 ms  cpu      parseRow      pg/result.js:90
      .   6.0 ms  cpu      renderTable   src/table.tsx:7
      .   5.0 ms  cpu      loadCustomer  src/db.ts:31
      .   2.0 ms  cpu      listOrders    src/orders.ts:16
      .
      .  cpu       sampled by V8 every 1 ms
      .  waits     every await, with its line
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('lists functions by total time, where recursion counts once', () => {
    const samples = 'a;b;a 30\na;b 20\na;c;[await] 49.96\na;d 0.04'
    expect(render(samples, { shortMode: true, flat: true, flatTime: 'total' }))
      .toMatchInlineSnapshot(`
        "hono-profiler .......................................
        .
        .  GET /  node 24.0.0
        .  Duration 100.0 ms   cpu 50.0 ms 50%   await 50.0 ms 50%
        .
        .  Functions by total time
        .  100.0 ms  cpu 50%  GET /
        .  100.0 ms  cpu 50%  a      src/app.ts:1
        .   50.0 ms  cpu      b      src/app.ts:2
        .   50.0 ms  await    c      src/app.ts:3
        .
        .  cpu       sampled
        .  waits     tracked
        .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
        .....................................................
        "
      `)
  })

  it('lists every function when all are shown, small ones too', () => {
    const samples = 'a 99.9\na;b 0.05\na;lib:x/c 0.05'
    const listed = (showAll: boolean) =>
      render(samples, { flat: true, showAll })
        .match(/[bc] {2}.*:\d/g)
        ?.sort()
    expect(listed(false)).toBeUndefined()
    expect(listed(true)).toEqual(['b  src/app.ts:2', 'c  x/index.js:3'])
  })

  it('lists what is called from everywhere, however short each call is', () => {
    const calls = Array.from({ length: 200 }, (_, i) => `caller${i};tiny 0.5`).join('\n')
    expect(render(calls, { flat: true })).toMatch(/100\.0 ms {2}cpu {2}tiny {2}src/)
  })

  it('keeps calls apart and in order of time', () => {
    const samples = 'h;query;[await] 10\nh;render 5\nh;query;[await] 20'
    expect(render(samples, { shortMode: true, timeline: true })).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /  node 24.0.0
      .  Duration 35.0 ms   cpu 5.0 ms 14%   await 30.0 ms 86%
      .
      .  35.0 ms GET /
      .  └─ 35.0 ms h  src/app.ts:1
      .     ├─ 10.0 ms query  src/app.ts:2
      .     │  └─ 10.0 ms [await]
      .     ├─ 5.0 ms render  src/app.ts:3
      .     └─ 20.0 ms query  src/app.ts:2
      .        └─ 20.0 ms [await]
      .
      .  cpu       sampled
      .  waits     tracked
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('shows percent of the request', () => {
    const samples = 'h;query;[await] 25\nh;render 7'
    expect(render(samples, { shortMode: true, time: 'percent' })).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /  node 24.0.0
      .  Duration 32.0 ms   cpu 7.0 ms 22%   await 25.0 ms 78%
      .
      .  100.0% GET /
      .  └─ 100.0% h  src/app.ts:1
      .     ├─ 78.1% query  src/app.ts:2
      .     │  └─ 78.1% [await]
      .     └─ 21.9% render  src/app.ts:3
      .
      .  cpu       sampled
      .  waits     tracked
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('shows everything', () => {
    expect(orders({ shortMode: true, showAll: true })).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /orders?page=2 → 200  /orders  node 24.0.0
      .  Duration 300.0 ms   cpu 128.0 ms 43%   gc 6.0 ms 2%   await 108.0 ms 36%   blocked 58.0 ms 19%
      .
      .  300.0 ms GET /orders?page=2
      .  └─ 300.0 ms dispatch  hono/compose.js:20
      .     └─ 300.0 ms logger  hono/logger.js:30
      .        └─ 300.0 ms dispatch  hono/compose.js:20
      .           └─ 300.0 ms requireUser  src/auth.ts:8
      .              ├─ 282.0 ms dispatch  hono/compose.js:20
      .              │  └─ 282.0 ms listOrders  src/orders.ts:16
      .              │     ├─ 125.0 ms loadOrders  src/db.ts:10
      .              │     │  ├─ 67.0 ms query  pg/client.js:540
      .              │     │  │  └─ 67.0 ms connect  pg-pool/index.js:200
      .              │     │  │     └─ 67.0 ms acquire  pg-pool/index.js:80
      .              │     │  │        ├─ 60.0 ms [await]
      .              │     │  │        └─ 7.0 ms parseRow  pg/result.js:90
      .              │     │  └─ 58.0 ms [blocked]
      .              │     ├─ 120.0 ms renderTable  src/table.tsx:7
      .              │     │  ├─ 84.0 ms formatPrice  src/money.ts:3
      .              │     │  ├─ 30.0 ms stringify
      .              │     │  └─ 6.0 ms [gc]
      .              │     ├─ 35.0 ms loadCustomer  src/db.ts:31
      .              │     │  ├─ 30.0 ms query  pg/client.js:540
      .              │     │  │  └─ 30.0 ms connect  pg-pool/index.js:200
      .              │     │  │     └─ 30.0 ms acquire  pg-pool/index.js:80
      .              │     │  │        └─ 30.0 ms [await]
      .              │     │  └─ 5.0 ms [self]
      .              │     └─ 2.0 ms [self]
      .              └─ 18.0 ms loadUser  src/auth.ts:41
      .                 └─ 18.0 ms [await]
      .
      .  cpu       sampled by V8 every 1 ms
      .  waits     every await, with its line
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('colours times by share, application code, states and notes', () => {
    const samples = `
      h;query;[await] 65
      h;lib:x/parse 22
      h;wait;[blocked] 8
      h;wait;[gc] 3
      h;wait 2
    `
    const text = render(samples, { color: true }, { notes: ['Stopped after 100 ms.'] })
    expect(text.replaceAll('\u001b', '^')).toMatchInlineSnapshot(`
      "
      ^[31m   ▃      ^[0m ^[1mhono profiler^[0m
      ^[31m  ▄█▅▂    ^[0m Recorded 2023-11-14 22:13:20 UTC
      ^[33m▅▇████▇▆▃ ^[0m 5 samples, one every 1 ms

      ^[1mGET /^[0m  ^[2mnode 24.0.0^[0m
      Duration 100.0 ms   ^[94mcpu 24.0 ms 24%^[0m   ^[34mgc 3.0 ms 3%^[0m   ^[36mawait 65.0 ms 65%^[0m   ^[35mblocked 8.0 ms 8%^[0m

      ^[1mYour lines with most time, calls into libraries included^[0m
      ^[31m65.0 ms^[0m  ^[36mawait      ^[0m  ^[1mquery^[0m  ^[2msrc/app.ts:2^[0m
      ^[33m22.0 ms^[0m  ^[94mcpu        ^[0m  ^[1mh    ^[0m  ^[2msrc/app.ts:1^[0m
      ^[32m13.0 ms^[0m  ^[35mblocked 62%^[0m  ^[1mwait ^[0m  ^[2msrc/app.ts:4^[0m

      ^[31m100.0 ms^[0m GET /
      ^[2m└─ ^[0m^[31m100.0 ms^[0m ^[1mh^[0m  ^[2msrc/app.ts:1^[0m
      ^[2m   ├─ ^[0m^[31m65.0 ms^[0m ^[1mquery^[0m  ^[2msrc/app.ts:2^[0m
      ^[2m   │  └─ ^[0m^[31m65.0 ms^[0m ^[36m[await]^[0m
      ^[2m   ├─ ^[0m^[33m22.0 ms^[0m parse  ^[2mx/index.js:3^[0m
      ^[2m   └─ ^[0m^[32m13.0 ms^[0m ^[1mwait^[0m  ^[2msrc/app.ts:4^[0m
      ^[2m      ├─ ^[0m^[32m8.0 ms^[0m ^[35m[blocked]^[0m
      ^[2m      ├─ ^[0m^[2;32m3.0 ms^[0m ^[34m[gc]^[0m
      ^[2m      └─ ^[0m^[2;32m2.0 ms^[0m [self]

      ^[1mWhat stands out^[0m
      ^[33mh (src/app.ts:1) takes 22.0 ms of processor time, 22% of the request^[0m
        Do less there: a better algorithm, a cache, or less data.

      ^[2mcpu       sampled^[0m
      ^[2mwaits     tracked^[0m
      ^[2moverhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop^[0m
      ^[33mnote      Stopped after 100 ms.^[0m
      "
    `)
  })

  it('says what was thrown, what recording cost and what else is to know', () => {
    const text = render(
      'h 12',
      {},
      {
        request: { method: 'POST', path: '/orders', error: 'TypeError: no\nbody' },
        overhead: { start: 0.5, excluded: 0.2, stop: 0.3 },
        notes: ['The limit of samples was reached.'],
        runs: 3,
      }
    )
    expect(text.split('\n').slice(5)).toMatchInlineSnapshot(`
      [
        "POST /orders  node 24.0.0",
        "TypeError: no\\x0abody",
        "Duration 12.0 ms in 3 requests, 4.00 ms each   cpu 12.0 ms 100%",
        "",
        "Your lines with most time, calls into libraries included",
        "12.0 ms  cpu  h  src/app.ts:1",
        "",
        "12.0 ms GET /",
        "└─ 12.0 ms h  src/app.ts:1",
        "",
        "What stands out",
        "h (src/app.ts:1) takes 12.0 ms (4.00 ms a request) of processor time, 100% of the request",
        "  Do less there: a better algorithm, a cache, or less data.",
        "",
        "cpu       sampled",
        "waits     tracked",
        "runs      sums of 3 requests",
        "note      The limit of samples was reached.",
        "",
      ]
    `)
  })

  it('lists the parts that the user named', () => {
    const spans = [
      { name: 'load orders', start: 0, end: 20 },
      { name: 'render', start: 20, end: 30 },
      { name: 'load orders', start: 30, end: 31 },
      { name: 'GET /', kind: 'handler' as const, start: 0, end: 31 },
    ]
    const text = consoleRenderer().render(new Session(buildSession('[await] 31', { spans })))
    expect(text).toContain('Your spans\n21.0 ms  load orders  2 times\n10.0 ms  render\n\n')
    expect(text).not.toContain('handler')
  })

  it('shows where a request waited that hardly computed', () => {
    const meta = { sampleCount: 0 }
    expect(render('[await] 30\n[self] 1', { shortMode: true }, meta)).toMatchInlineSnapshot(`
      "hono-profiler .......................................
      .
      .  GET /  node 24.0.0
      .  Duration 31.0 ms   cpu 1.0 ms 3%   await 30.0 ms 97%
      .
      .  31.0 ms GET /
      .  ├─ 30.0 ms [await]
      .  └─ 1.0 ms [self]
      .
      .  cpu       sampled
      .  waits     tracked
      .  overhead  3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      .....................................................
      "
    `)
  })

  it('says that nothing was recorded at all', () => {
    const meta = { sampleCount: 0, overhead: { start: 0, excluded: 0, stop: 0 } }
    expect(render('', {}, meta)).toMatchInlineSnapshot(`
      "
         ▃       hono profiler
        ▄█▅▂     Recorded 2023-11-14 22:13:20 UTC
      ▅▇████▇▆▃  0 samples, one every 1 ms

      GET /  node 24.0.0
      Duration 0.00 ms

      No samples were recorded.

      cpu       sampled
      waits     tracked
      "
    `)
  })

  it('refuses options that make no sense', () => {
    expect(() => consoleRenderer({ flat: true, timeline: true })).toThrow(TypeError)
    expect(() => consoleRenderer({ time: 'seconds' as 'ms' })).toThrow(
      "`time` is 'seconds', but it must be one of ms, percent"
    )
    expect(() => consoleRenderer({ flatTime: 'all' as 'self' })).toThrow(TypeError)
  })
})

describe('text from outside', () => {
  it('cannot steer the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u202e\r\n\u009b2J'
    const text = render(
      `h${evil.replace(/[\r\n]/g, '')}@src/${evil.replace(/[;\r\n]/g, '')}.ts:1 10`,
      {},
      {
        description: evil,
        runtime: evil,
        runtimeVersion: evil,
        request: { method: evil, path: evil, route: evil, error: evil },
        fidelity: { cpu: evil, waits: evil },
        notes: [evil],
      }
    )
    expect(text).not.toMatch(/[^\P{C}\n]/u)
    expect(text).toContain('\\x1b]0;owned\\x07\\u202e')
  })

  it('is cut: names at the end, paths at the start', () => {
    const text = render(`${'n'.repeat(200)}@${'p/'.repeat(100)}x.ts:3 10`, { shortMode: true })
    expect(text).toContain(` ${'n'.repeat(119)}…  …`)
    expect(text).toContain('p/p/x.ts:3\n')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(300)
  })
})
