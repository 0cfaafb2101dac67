import { describe, expect, it } from 'vitest'
import { codeCell, codeSpan, escapeMarkdown, fenced } from '../../src/render/markdown/syntax.ts'
import { estimateTokens } from '../../src/render/markdown/tokens.ts'
import { markdownRenderer } from '../../src/render/markdown.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from './orders.ts'

/** Many routes of one depth, with names of 30 characters. */
function wideSession(): Session {
  const samples = Array.from({ length: 60 }, (_, i) => {
    const name = `load${String(i).padStart(26, '0')}`
    return `handler;${name};lib:pg/query;[await] ${60 - i}\nhandler;${name} 1`
  })
  const waits = Array.from({ length: 60 }, (_, i) => ({
    path: `handler#${i + 1};query${i}`,
    start: i,
    end: 200 + i,
  }))
  return new Session(buildSession(samples.join('\n'), { waits }))
}

describe('markdownRenderer', () => {
  it('writes totals, lines, waits, tree and how it was measured', () => {
    expect(markdownRenderer().render(new Session(ordersSession()))).toMatchInlineSnapshot(`
      "# \`GET /orders?page=2 → 200\`

      **300.0 ms**: cpu 128.0 ms (43%), gc 6.0 ms (2%), await 108.0 ms (36%), blocked 58.0 ms (19%)

      route \`/orders\` · node 24.0.0 · 166 samples, one every 1 ms

      ## Findings

      1. **The event loop was busy with other work for 58.0 ms, 19% of the request, while it was ready to go on.** Look for synchronous work elsewhere in this process: this request itself is not at fault.
      2. **formatPrice (src/money.ts:5) takes 84.0 ms of processor time, 28% of the request; the event loop is held for 125 ms at a stretch.** Do less there: a better algorithm, a cache, less data; what has to stay belongs in a worker thread, so that other requests can go on.
      3. **Turning data into JSON or back takes 30.0 ms, 10% of the request, most of it for renderTable (src/table.tsx:15).** Send and read less: fewer fields, pages instead of everything, or a cached answer.

      ## Lines of the application with most time

      What a line calls or awaits in libraries is included.

      | Time | Share | cpu | await | blocked | Line | Function |
      | --: | --: | --: | --: | --: | --- | --- |
      | 125.0 ms | 42% | 7.0 ms | 60.0 ms | 58.0 ms | \`src/db.ts:14\` | \`loadOrders\` |
      | 84.0 ms | 28% | 84.0 ms | 0.0 ms | 0.0 ms | \`src/money.ts:5\` | \`formatPrice\` |
      | 36.0 ms | 12% | 36.0 ms | 0.0 ms | 0.0 ms | \`src/table.tsx:15\` | \`renderTable\` |
      | 35.0 ms | 12% | 5.0 ms | 30.0 ms | 0.0 ms | \`src/db.ts:33\` | \`loadCustomer\` |
      | 18.0 ms | 6% | 0.0 ms | 18.0 ms | 0.0 ms | \`src/auth.ts:44\` | \`loadUser\` |

      ## Longest waits

      The innermost waits only; parallel ones count once in the time. Critical: a shorter wait would have made the request shorter.

      | Time | Count | Longest | Awaited | Line | Order | Critical |
      | --: | --: | --: | --- | --- | --- | --- |
      | 60.0 ms | 1 | 60.0 ms | \`query\` | \`src/db.ts:14\` | once | yes |
      | 30.0 ms | 2 | 15.0 ms | \`query\` | \`src/db.ts:33\` | sequence | yes |

      ## Call tree

      Calls below 1% of the request are left out; their time counts for their caller.

      \`\`\`text
      300.0 ms GET /orders?page=2
        300.0 ms dispatch  hono/compose.js:20
          300.0 ms logger  hono/logger.js:30
            300.0 ms dispatch  hono/compose.js:20
              300.0 ms requireUser  src/auth.ts:8
                282.0 ms dispatch  hono/compose.js:20
                  282.0 ms listOrders  src/orders.ts:16
                    125.0 ms loadOrders  src/db.ts:10
                      67.0 ms query  pg/client.js:540
                        [3 frames hidden]  pg, pg-pool  waits 60.0 ms
                      58.0 ms [blocked]
                    120.0 ms renderTable  src/table.tsx:7
                      84.0 ms formatPrice  src/money.ts:3
                      30.0 ms stringify
                      6.0 ms [gc]
                    35.0 ms loadCustomer  src/db.ts:31
                      30.0 ms query  pg/client.js:540
                        [2 frames hidden]  pg-pool, pg  waits 30.0 ms
                      5.0 ms [self]
                18.0 ms loadUser  src/auth.ts:41
                  18.0 ms [await]
      \`\`\`

      ## Next

      - Read \`src/money.ts:5\` first, then \`src/table.tsx:15\`.
      - Who calls \`formatPrice\` and what it calls: \`callers\` and \`callees\` of the session.
      - All calls: \`?profile=text\`; what ran when: the timeline of \`?profile=1\`.
      - After a change, profile again several times: \`diff(before, after)\` tells what changed beyond chance.

      ## How this was measured

      - cpu: sampled by V8 every 1 ms
      - waits: every await, with its line
      - overhead: 3.5 ms, not in the duration: 1.0 ms to start, 0.5 ms watching, 2.0 ms to stop
      "
    `)
  })

  it.each([400, 800, 1500, 4000])('keeps a budget of %i tokens', (budget) => {
    const text = markdownRenderer({ budget }).render(wideSession())
    expect(estimateTokens(text)).toBeLessThanOrEqual(budget)
    expect(estimateTokens(text)).toBeGreaterThan(budget * 0.45)
    expect(text).toContain('## How this was measured')
    expect(text.match(/^```/gm)).toHaveLength(2)
  })

  it('keeps every budget', () => {
    const deep = Array.from({ length: 60 }, (_, i) => `function${i}`).join(';')
    for (const session of [new Session(buildSession(`${deep} 10`)), wideSession()]) {
      for (let budget = 200; budget < 600; budget += 7) {
        const text = markdownRenderer({ budget }).render(session)
        expect(estimateTokens(text)).toBeLessThanOrEqual(budget)
      }
    }
  })

  it('leaves out small calls before it cuts the tree, and says so', () => {
    const text = markdownRenderer({ budget: 1000 }).render(wideSession())
    expect(text).toMatch(/Calls below (2|5)% of the request are left out/)
    expect(text).toContain('load00000000000000000000000000')
  })

  it('cuts a tree that cannot be made small, and says so', () => {
    const deep = Array.from({ length: 60 }, (_, i) => `function${i}`).join(';')
    const text = markdownRenderer({ budget: 400 }).render(new Session(buildSession(`${deep} 10`)))
    expect(estimateTokens(text)).toBeLessThanOrEqual(400)
    expect(text).toContain('\n[more lines do not fit]\n```')
  })

  it('keeps head and notes when there is room for nothing else', () => {
    const session = new Session(buildSession('h 10', { meta: { notes: ['A limit was reached.'] } }))
    const text = markdownRenderer({ budget: 1 }).render(session)
    expect(text.match(/^#.*$/gm)).toEqual(['# `GET /`', '## How this was measured'])
    expect(text).toContain('- note: A limit was reached.')
  })

  it('says that nothing was sampled', () => {
    const session = new Session(buildSession('', { meta: { sampleCount: 0 } }))
    const text = markdownRenderer().render(session)
    expect(text).toContain('No samples were recorded.')
    expect(text).not.toContain('Call tree')
  })

  it('refuses a budget that is none', () => {
    expect(() => markdownRenderer({ budget: 0 })).toThrow(TypeError)
    expect(() => markdownRenderer({ budget: Number.NaN })).toThrow('not NaN')
  })

  it('gives text from outside no meaning', () => {
    const evil = '`x` | <b>*y*</b> [z](http://w) ``` \u202e'
    const data = buildSession('h 10', {
      waits: [{ path: 'h', start: 0, end: 10 }],
      meta: {
        request: { method: 'GET', path: evil, route: evil, error: `${evil}\n# owned` },
        notes: [evil],
      },
    })
    data.functions[0]!.name = evil
    data.functions[0]!.fileShort = evil
    data.waits[0]!.name = evil
    const lines = markdownRenderer().render(new Session(data)).split('\n')
    const cell = '```` `x` \\| <b>*y*</b> [z](http://w) ``` \\u202e ````'
    expect(lines).toContain(
      `| 10.0 ms | 100% | 10.0 ms | 0.0 ms | 0.0 ms | ${cell.replace(' ````', ':1 ````')} | ${cell} |`
    )
    expect(lines).toContain(
      '- note: \\`x\\` \\| \\<b\\>\\*y\\*\\</b\\> \\[z\\](http://w) \\`\\`\\` \\\\u202e'
    )
    expect(lines.filter((line) => line.startsWith('````'))).toEqual(['````text', '````'])
    expect(lines.filter((line) => line.startsWith('# owned'))).toEqual([])
  })
})

describe('Markdown syntax', () => {
  it('delimits code by more backticks than it contains', () => {
    expect(codeSpan('a')).toBe('`a`')
    expect(codeSpan('a``b`c')).toBe('```a``b`c```')
    expect(codeSpan('`a')).toBe('`` `a ``')
  })

  it('keeps a cell a cell', () => {
    expect(codeCell('a|b')).toBe('`a\\|b`')
    expect(codeCell('')).toBe('')
  })

  it('fences lines by more backticks than they contain', () => {
    expect(fenced(['a', '```` b'])).toBe('`````text\na\n```` b\n`````')
  })

  it('escapes what has a meaning', () => {
    expect(escapeMarkdown('a_b*c &amp; ~d~')).toBe('a\\_b\\*c \\&amp; \\~d\\~')
  })
})

describe('estimateTokens', () => {
  it('counts words, digits by three, and signs', () => {
    expect(estimateTokens('')).toBe(0)
    expect(estimateTokens('load the items')).toBe(3)
    expect(estimateTokens('1234567')).toBe(3)
    expect(estimateTokens('a.b(c)')).toBe(6)
    expect(estimateTokens('漢字')).toBe(2)
  })
})
