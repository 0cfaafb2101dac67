import { describe, expect, it } from 'vitest'
import {
  FORMATS,
  consoleRenderer,
  htmlRenderer,
  jsonRenderer,
  markdownRenderer,
  renderSession,
  rendererFor,
} from '../../src/render/index.ts'
import { checkSession } from '../../src/session/check.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from './orders.ts'

const deep = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')

const renderers = {
  text: consoleRenderer(),
  'short text': consoleRenderer({ shortMode: true, color: true, showAll: true }),
  timeline: consoleRenderer({ timeline: true, time: 'percent', unicode: false }),
  'flat text': consoleRenderer({ flat: true, flatTime: 'total' }),
  json: jsonRenderer(),
  'processed json': jsonRenderer({ processed: true, timeline: true }),
  markdown: markdownRenderer(),
  html: htmlRenderer(),
}

const sessions = {
  orders: ordersSession(),
  'no samples': buildSession('', { meta: { sampleCount: 0 } }),
  'nothing but waits': buildSession('[await] 5', { meta: { sampleCount: 0 } }),
  'one microsecond': buildSession('handler 0.001'),
  'a deep stack': buildSession(`${deep};[await] 5\n${deep} 5`),
  'time out of range': buildSession('handler 1', { meta: { startTime: 1e300 } }),
}

describe.each(Object.entries(renderers))('%s', (_renderer, renderer) => {
  it.each(Object.entries(sessions))('renders %s, twice the same', (_session, data) => {
    checkSession(data)
    const before = JSON.stringify(data)
    const first = renderer.render(new Session(data))
    expect(first).toContain(data.meta.description)
    expect(renderer.render(new Session(data))).toBe(first)
    expect(JSON.stringify(data)).toBe(before)
  })

  it('says what its output is', () => {
    expect(renderer.contentType).toMatch(/^\w+\/\w+; charset=utf-8$/)
    expect(renderer.extension).toMatch(/^[a-z]+$/)
  })
})

describe('rendererFor', () => {
  it.each(FORMATS)('knows %s', (format) => {
    expect(rendererFor(format).name).toBe(format)
  })

  it.each(FORMATS)('gives a renderer of %s that keeps no state', (format) => {
    const renderer = rendererFor(format)
    const first = renderer.render(new Session(sessions.orders))
    renderer.render(new Session(sessions['nothing but waits']))
    expect(renderer.render(new Session(sessions.orders))).toEqual(first)
  })

  it('hands each renderer its own options', () => {
    const session = new Session(sessions.orders)
    const options = { text: { shortMode: true, color: true }, json: { processed: true } }
    expect(rendererFor('text', options).render(session)).toBe(
      consoleRenderer(options.text).render(session)
    )
    expect(rendererFor('json', options).render(session)).toBe(
      jsonRenderer(options.json).render(session)
    )
  })

  it('refuses a format that there is not', () => {
    expect(() => rendererFor('pdf' as 'text')).toThrow("there is no format 'pdf'")
    expect(() => rendererFor('toString' as 'text')).toThrow(TypeError)
  })
})

describe('renderSession', () => {
  const session = new Session(sessions.orders)

  it('gives the short text by default', () => {
    expect(renderSession(session)).toBe(consoleRenderer({ shortMode: true }).render(session))
  })

  it('gives the long text, and everything, when asked', () => {
    expect(renderSession(session, { showAll: true, shortMode: false })).toBe(
      consoleRenderer({ showAll: true }).render(session)
    )
  })

  it('gives the page when it is not text', () => {
    expect(renderSession(session, { text: false })).toBe(htmlRenderer().render(session))
  })
})
