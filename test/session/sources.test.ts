import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sourceLine } from '../../src/analysis/lines.ts'
import { checkSession } from '../../src/session/check.ts'
import { combineSessions } from '../../src/session/combine.ts'
import type { SourceText } from '../../src/session/records.ts'
import { mergeSources } from '../../src/session/sources.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'

const withSources = (sources: SourceText[]) => ({
  ...buildSession('f@src/a.ts:1#3 4\ng@src/a.ts:2#3 5\ng@src/b.ts:2#7;lib:x/y;[await] 1'),
  sources,
})

const part = (startLine: number, ...lines: string[]): SourceText => ({
  file: '/app/src/a.ts',
  startLine,
  lines,
})

describe('the lines of a session', () => {
  it('gives each line once, with its text, most time first', () => {
    const data = withSources([part(2, 'two', 'three')])
    checkSession(data)
    const file = data.functions[0]!.file
    const session = new Session({ ...data, sources: [{ ...part(2, 'two', 'three'), file }] })
    const none = { awaitTime: 0, blockedTime: 0 }
    expect(session.lines()).toEqual([
      { file, line: 3, function: 'g', time: 9, cpuTime: 9, ...none, text: 'three' },
      {
        ...none,
        file: data.functions[2]!.file,
        line: 7,
        function: 'g',
        time: 1,
        cpuTime: 0,
        awaitTime: 1,
      },
    ])
    expect(session.lines('b.ts').map(({ line }) => line)).toEqual([7])
  })

  it('has no text for what the session does not hold', () => {
    const data = withSources([part(2, 'two'), part(9, 'nine')])
    expect([1, 2, 3, 9, 10].map((line) => sourceLine(data, '/app/src/a.ts', line))).toEqual([
      undefined,
      'two',
      undefined,
      'nine',
      undefined,
    ])
  })

  it.each([
    [[{ startLine: 1, lines: [] }], 'sources[0].file is missing'],
    [[part(0, 'x')], 'sources[0].startLine is 0'],
    [[{ ...part(1), lines: [1] }], 'sources[0].lines[0] is 1'],
  ])('refuses %j', (sources, message) => {
    expect(() => {
      checkSession(withSources(sources as SourceText[]))
    }).toThrow(message)
  })

  it('stay when sessions are combined', () => {
    const one = withSources([part(1, 'one')])
    expect(combineSessions([one, withSources([part(2, 'two')])]).sources).toEqual([
      part(1, 'one', 'two'),
    ])
    expect(combineSessions([buildSession('f 1')]).sources).toBeUndefined()
  })

  it('keep every line when parts are merged, and overlap nowhere', () => {
    const anyPart = fc.record({
      file: fc.constantFrom('/a.ts', '/b.ts'),
      startLine: fc.integer({ min: 1, max: 20 }),
      lines: fc.array(fc.string(), { maxLength: 5 }),
    })
    fc.assert(
      fc.property(fc.array(anyPart), (parts) => {
        const first = new Map<string, string>()
        const merged: string[] = []
        for (const { file, startLine, lines } of [...parts].reverse()) {
          lines.forEach((text, i) => first.set(`${file}:${startLine + i}`, text))
        }
        for (const { file, startLine, lines } of mergeSources(parts)) {
          lines.forEach((text, i) => {
            merged.push(`${file}:${startLine + i}`)
            expect(text).toBe(first.get(`${file}:${startLine + i}`))
          })
        }
        expect(merged.sort()).toEqual([...first.keys()].sort())
      })
    )
  })
})
