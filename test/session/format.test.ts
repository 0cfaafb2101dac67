import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSession } from '../../src/session/format.ts'
import type { SessionData } from '../../src/session/records.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const session = (): SessionData =>
  buildSession('handler;loadUser;[await] 50\nhandler;lib:hono/html 20\n[gc] 1.5', {
    meta: { request: { method: 'GET', path: '/orders/7', route: '/orders/:id', status: 200 } },
    waits: [{ path: 'handler;loadUser', start: 0, end: 50 }],
    blockers: [{ path: 'other', start: 10, duration: 5 }],
    spans: [
      { name: 'handler', kind: 'handler', start: 0, end: 71.5 },
      { name: 'load', start: 0, end: 50, parent: 0 },
    ],
  })

/** A session in which the value at `path`, like `samples.stack.1`, is another one. */
function withValue(path: string, value: unknown): unknown {
  const data = session()
  const fields = path.split('.')
  const last = fields.pop()!
  const holder = fields.reduce<unknown>(
    (at, field) => (at as Record<string, unknown>)[field],
    data
  ) as Record<string, unknown>
  holder[last] = value
  return data
}

function refusalOf(json: unknown): string {
  try {
    parseSession(json)
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return (error as TypeError).message
  }
  return 'accepted'
}

describe('parseSession', () => {
  it('reads text, bytes and objects', () => {
    const data = session()
    const text = JSON.stringify(data)
    expect(parseSession(text)).toEqual(data)
    expect(parseSession(new TextEncoder().encode(text))).toEqual(data)
    expect(parseSession(data)).toBe(data)
  })

  it('reads back every session that was written', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        expect(parseSession(JSON.stringify(data))).toEqual(data)
      })
    )
  })

  it('keeps fields that it does not know', () => {
    const data = { ...session(), extra: { anything: true } }
    expect(parseSession(JSON.stringify(data))).toEqual(data)
  })

  it('reads an empty session', () => {
    expect(parseSession(buildSession('')).meta.duration).toBe(0)
  })

  it('says that a newer version wrote it', () => {
    expect(refusalOf(withValue('version', 2))).toBe(
      'hono-profiler: a newer hono-profiler wrote this session: its format version is 2, ' +
        'and this one reads up to 1; update hono-profiler to open it'
    )
  })

  it.each([
    ['text that is not JSON', '{"format": ', /^the text is not JSON \(.+\)$/],
    [
      'bytes that are not UTF-8',
      new Uint8Array([0x80, 0x02, 0x7d]),
      /^the bytes are not UTF-8 text$/,
    ],
    ['nothing', undefined, /^it is missing, but it must be an object$/],
    ['null', 'null', /^it is null, but it must be an object$/],
    ['a list', '[]', /^it is a list, but it must be an object$/],
    ['other JSON', { nodes: [] }, /^format is missing, but it must be "hono-profiler-session"$/],
  ])('refuses %s', (_what, json, problem) => {
    const message = refusalOf(json)
    expect(message).toMatch(/^hono-profiler: not a session: /)
    expect(message.replace('hono-profiler: not a session: ', '')).toMatch(problem)
  })

  it.each([
    ['version', 0, 'version is 0, but it must be 1'],
    ['version', '2', 'version is "2", but it must be 1'],
    ['meta', undefined, 'meta is missing, but it must be an object'],
    ['meta.description', 7, 'meta.description is 7, but it must be a string'],
    ['meta.runtime', undefined, 'meta.runtime is missing, but it must be a string'],
    ['meta.runtimeVersion', 24, 'meta.runtimeVersion is 24, but it must be a string'],
    ['meta.startTime', '2026', 'meta.startTime is "2026", but it must be a number'],
    ['meta.duration', -1, 'meta.duration is -1, but it must be a number from 0'],
    ['meta.interval', Infinity, 'meta.interval is Infinity, but it must be a number from 0'],
    ['meta.sampleCount', 1.5, 'meta.sampleCount is 1.5, but it must be a whole number from 0'],
    ['meta.totals.gc', null, 'meta.totals.gc is null, but it must be a number from 0'],
    ['meta.fidelity.cpu', [], 'meta.fidelity.cpu is a list, but it must be a string'],
    ['meta.overhead.stop', {}, 'meta.overhead.stop is an object, but it must be a number from 0'],
    ['meta.request.status', '200', 'meta.request.status is "200", but it must be a whole number'],
    ['meta.notes', 'x', 'meta.notes is "x", but it must be a list'],
    ['meta.notes', [1], 'meta.notes[0] is 1, but it must be a string'],
    ['meta.runs', 0, 'meta.runs is 0, but it must be a whole number from 1'],
    ['functions.1.line', -1, 'functions[1].line is -1, but it must be a whole number from 0'],
    [
      'functions.0.origin',
      'x'.repeat(60),
      `functions[0].origin is "${'x'.repeat(39)}…, but it must be one of "app", "library", "runtime", "native", "profiler"`,
    ],
    ['functions.2.package', 1, 'functions[2].package is 1, but it must be a string'],
    ['stacks.parent', [-1, 0], 'stacks.function has 4 entries, but stacks.parent has 2'],
    ['stacks.parent.1', 1, 'stacks.parent[1] is 1, but a parent stands before its children'],
    ['stacks.parent.0', -2, 'stacks.parent[0] is -2, but a parent stands before its children'],
    ['stacks.function.3', 4, 'stacks.function[3] is 4, but there are 4 functions'],
    ['stacks.line.0', 0.5, 'stacks.line[0] is 0.5, but it must be a whole number from 0'],
    ['samples.state', [0, 0], 'samples.state has 2 entries, but samples.stack has 3'],
    ['samples.stack.1', 99, 'samples.stack[1] is 99, but there are 4 stacks'],
    ['samples.stack.2', -2, 'samples.stack[2] is -2, but there are 4 stacks'],
    [
      'samples.durationUs.0',
      -5,
      'samples.durationUs[0] is -5, but it must be a whole number from 0',
    ],
    [
      'samples.durationUs.0',
      '9',
      'samples.durationUs[0] is "9", but it must be a whole number from 0',
    ],
    ['samples.state.2', 4, 'samples.state[2] is 4, but there are 4 states'],
    ['samples.durationUs.1', 20_001, 'samples add up to 71501 µs, but meta.duration is 71.5 ms'],
    [
      'meta.totals.await',
      49,
      'samples in state await add up to 50000 µs, but meta.totals.await is 49 ms',
    ],
    ['blockers.stack.0', 4, 'blockers.stack[0] is 4, but there are 4 stacks'],
    ['blockers.startUs', [], 'blockers.startUs has 0 entries, but blockers.stack has 1'],
    ['blockers.startUs.0', 71_501, 'blockers.startUs[0] is 71501, but it must be from 0 to 71500'],
    ['blockers.durationUs.0', '5', 'blockers.durationUs[0] is "5", but it must be from 0 to 61500'],
    ['waits.0.critical', 1, 'waits[0].critical is 1, but it must be true or false'],
    ['waits.0.stack', 4, 'waits[0].stack is 4, but there are 4 stacks'],
    ['waits.0.endUs', 71_501, 'waits[0].endUs is 71501, but it must be from 0 to 71500'],
    ['waits.0.startUs', 50_001, 'waits[0].startUs is 50001, but it must be from 0 to 50000'],
    ['waits.0.awaitedUs', 50_001, 'waits[0].awaitedUs is 50001, but it must be from 0 to 50000'],
    [
      'spans.0.kind',
      'x',
      'spans[0].kind is "x", but it must be one of "middleware", "handler", "user"',
    ],
    ['spans.1.parent', 1, 'spans[1].parent is 1, but a parent stands before its children'],
    ['spans.1.endUs', 71_501, 'spans[1].endUs is 71501, but it must be from 0 to 71500'],
    ['spans.1.startUs', 50_001, 'spans[1].startUs is 50001, but it must be from 0 to 50000'],
  ])('refuses %s = %j', (path, value, problem) => {
    expect(refusalOf(withValue(path, value))).toBe(`hono-profiler: not a session: ${problem}`)
  })

  it('reads a million samples', () => {
    const count = 1_000_000
    const data = buildSession('handler 1\nhandler;render 1')
    data.samples.stack = Array.from({ length: count }, (_, i) => i % 2)
    data.samples.durationUs = new Array<number>(count).fill(1000)
    data.samples.state = new Array<number>(count).fill(0)
    data.meta.duration = data.meta.totals.cpu = count
    expect(parseSession(JSON.stringify(data)).samples.stack).toHaveLength(count)
    data.samples.stack[count - 1] = 2
    expect(refusalOf(data)).toContain('samples.stack[999999] is 2, but there are 2 stacks')
  })
})
