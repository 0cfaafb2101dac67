import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { gzipSync, inflateRawSync } from 'node:zlib'
import { htmlRenderer, pageSecurityPolicy } from '../../src/render/html.ts'
import type { Packed } from '../../src/session/packed/pack.ts'
import { unpack } from '../../src/session/packed/pack.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import type { BuildOptions } from '../helpers/build-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'

const render = (data = ordersSession(), nonce?: string): string =>
  htmlRenderer(nonce === undefined ? {} : { nonce }).render(new Session(data))

/** What stands between the tags of the first element that `opening` matches. */
function contentOf(html: string, opening: RegExp, closing: string): string {
  const start = opening.exec(html)!
  const from = start.index + start[0].length
  return html.slice(from, html.indexOf(closing, from))
}

const sha256 = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The session that the page holds. */
const sessionOf = (json: string): unknown => unpack(JSON.parse(json) as Packed)

/**
 * A second sampled each millisecond: 300 functions in 60 files call each other 30 deep by no rule, and every third
 * sample waits.
 */
function secondOfWork(): SessionData {
  const lines: string[] = []
  const waits: BuildOptions['waits'] = []
  let random = 1
  const below = (count: number): number => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 1
    return random % count
  }
  const frame = (i: number): string => {
    const fn = below(300)
    const owner = fn % 3 === 0 ? `lib:package-${fn % 20}/` : ''
    const file = owner ? 'dist/index.js' : `src/area-${fn % 6}/module-${fn % 60}.ts`
    return `${owner}handleOrder${fn}@${file}:${1 + fn}${i % 2 === 0 ? `#${2 + fn + below(20)}` : ''}`
  }
  const path: string[] = []
  for (let at = 0; at < 1000; at++) {
    path.length = below(Math.min(30, path.length) + 1)
    while (path.length < 5 + below(25)) {
      path.push(frame(path.length))
    }
    lines.push(`${path.join(';')}${at % 3 === 0 ? ';[await]' : ''} ${0.9 + below(200) / 1000}`)
    if (at % 3 === 0) {
      waits.push({ path: path.join(';'), start: at, end: at + 1 })
    }
  }
  return buildSession(lines.join('\n'), { waits })
}

/** The program that the page's script unpacks. */
const programOf = (script: string): string =>
  inflateRawSync(Buffer.from(/"([\w+/=]{1000,})"/.exec(script)![1]!, 'base64')).toString()

const SCRIPT = /<script>/
const STYLE = /<style>/
const DATA = /<script type="application\/json" id="session">/

describe('htmlRenderer', () => {
  it('says what it makes', () => {
    expect(htmlRenderer()).toMatchObject({
      name: 'html',
      contentType: 'text/html; charset=utf-8',
      extension: 'html',
      headers: { 'content-security-policy': pageSecurityPolicy },
    })
  })

  it('makes one whole document, the same each time', () => {
    const html = render()
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toMatch(/<\/html>\n$/)
    expect(html).toContain('<title>386.8 ms - GET /orders?limit=20 - hono-profiler</title>')
    expect(render()).toBe(html)
  })

  it('refers to nothing outside the page', () => {
    const html = render()
    const references = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, url]) => url)
    expect(references).toHaveLength(1)
    expect(references[0]).toMatch(/^data:image\/svg\+xml,/)
    expect(contentOf(html, STYLE, '</style>')).not.toMatch(/url\(|@import/)
  })

  it('allows exactly its own script and style by their hashes', () => {
    const html = render()
    const script = contentOf(html, SCRIPT, '</script>')
    const style = contentOf(html, STYLE, '</style>')
    const program = programOf(script)
    expect(program.length).toBeGreaterThan(100_000)
    expect(style.length).toBeGreaterThan(2_000)
    expect(pageSecurityPolicy.split('; ')).toEqual([
      `default-src 'none'`,
      `script-src ${sha256(script)} ${sha256(program)}`,
      `style-src ${sha256(style)}`,
      'img-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ])
    const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)![1]!
    expect(meta.replaceAll('&#39;', `'`)).toBe(pageSecurityPolicy)
  })

  it('stays small: 150 kB for a second of work, and within 100 kB as it is sent, compressed', () => {
    const html = render(secondOfWork())
    expect(html.length).toBeLessThan(150_000)
    expect(gzipSync(html).length).toBeLessThan(100_000)
    const empty = render(buildSession(''))
    expect(empty.length).toBeLessThan(100_000)
    expect(gzipSync(empty).length).toBeLessThan(62_000)
  })

  it('keeps the session within a limit, and refuses one that is none', () => {
    const data = buildSession(
      Array.from(
        { length: 4000 },
        (_, i) => `handler;f${(i * i) % 97} 1.${1000 + ((i * i * 7919) % 983)}`
      ).join('\n')
    )
    const render = (dataLimit: number): string =>
      contentOf(htmlRenderer({ dataLimit }).render(new Session(data)), DATA, '</script>')
    expect(sessionOf(render(Infinity))).toEqual(data)
    expect(render(render(Infinity).length - 500).length).toBeLessThan(render(Infinity).length - 500)
    expect(() => htmlRenderer({ dataLimit: 0 })).toThrow('dataLimit must be a number')
  })

  it('carries the session unchanged', () => {
    const data = ordersSession()
    expect(sessionOf(contentOf(render(data), DATA, '</script>'))).toEqual(data)
  })

  it('keeps hostile data inside its element', () => {
    const hostile = '</script><script>alert(1)</script><!--<script>\u2028\u2029"\'&'
    const data = buildSession('handler 5', { meta: { description: hostile, notes: [hostile] } })
    data.functions[0]!.name = hostile
    const html = render(data)
    const json = contentOf(html, DATA, '</script>')
    expect(json).not.toMatch(/[<\u2028\u2029]/)
    expect(sessionOf(json)).toEqual(data)
    expect(html.match(/<script/g)).toHaveLength(2)
  })

  it('escapes the title, and makes marks visible that would reorder it', () => {
    const path = '/x?a="><script>&b=\u202egpj\u0000'
    const request = { method: 'GET', path, status: 200 }
    const html = render(buildSession('handler 5', { meta: { request } }))
    expect(contentOf(html, /<title>/, '</title>')).toBe(
      String.raw`5.00 ms - GET /x?a=&quot;&gt;&lt;script&gt;&amp;b=\u202egpj\x00 - hono-profiler`
    )
  })

  it('names a function that was profiled without a request', () => {
    const html = render(buildSession('job 5', { meta: { description: 'importOrders' } }))
    expect(html).toContain('<title>5.00 ms - importOrders - hono-profiler</title>')
  })

  it('gives a nonce to its script and style, and to nothing else', () => {
    const html = render(ordersSession(), 'r4nd0m+/==')
    expect(html.match(/nonce="r4nd0m\+\/=="/g)).toHaveLength(2)
    expect(html).toMatch(/<style nonce="r4nd0m\+\/==">/)
    expect(html).toMatch(/<script nonce="r4nd0m\+\/==">/)
  })

  it('refuses a nonce that could leave its attribute', () => {
    expect(() => htmlRenderer({ nonce: '"><script>' })).toThrow(
      'hono-profiler: nonce must be base64, not "\\"><script>"'
    )
  })
})
