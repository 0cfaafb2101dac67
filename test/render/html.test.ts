import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { htmlRenderer, pageSecurityPolicy } from '../../src/render/html.ts'
import { Session } from '../../src/session.ts'
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
    expect(script.length).toBeGreaterThan(10_000)
    expect(style.length).toBeGreaterThan(2_000)
    expect(pageSecurityPolicy.split('; ')).toEqual([
      `default-src 'none'`,
      `script-src ${sha256(script)}`,
      `style-src ${sha256(style)}`,
      'img-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ])
    const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)![1]!
    expect(meta.replaceAll('&#39;', `'`)).toBe(pageSecurityPolicy)
  })

  it('stays small: script and style within 128 KiB, which leaves room for data in 150', () => {
    const html = render()
    const size =
      contentOf(html, SCRIPT, '</script>').length + contentOf(html, STYLE, '</style>').length
    expect(size).toBeLessThan(128 * 1024)
  })

  it('carries the session unchanged', () => {
    const data = ordersSession()
    expect(JSON.parse(contentOf(render(data), DATA, '</script>'))).toEqual(data)
  })

  it('keeps hostile data inside its element', () => {
    const hostile = '</script><script>alert(1)</script><!--<script>\u2028\u2029"\'&'
    const data = buildSession('handler 5', { meta: { description: hostile, notes: [hostile] } })
    data.functions[0]!.name = hostile
    const html = render(data)
    const json = contentOf(html, DATA, '</script>')
    expect(json).not.toMatch(/[<\u2028\u2029]/)
    expect(JSON.parse(json)).toEqual(data)
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
