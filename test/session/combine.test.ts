import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSession, checkTree } from '../../src/session/check.ts'
import { combineSessions } from '../../src/session/combine.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { treeText } from '../helpers/tree-text.ts'

const later = () =>
  buildSession('handler@src/app.ts:4;render@src/app.ts:9;[await] 5\nhandler@src/app.ts:4 0.25', {
    meta: { description: 'GET /later', startTime: 2000, interval: 2, notes: ['b', 'c'], runs: 3 },
    waits: [{ path: 'handler@src/app.ts:4;render@src/app.ts:9', start: 1, awaited: 2, end: 5 }],
    blockers: [{ path: 'stranger', start: 1, duration: 2 }],
    spans: [
      { name: 'outer', start: 0, end: 5 },
      { name: 'inner', start: 1, end: 4, parent: 0 },
    ],
  })

const earlier = () =>
  buildSession('handler@src/app.ts:4;loadUser 3.5\nhandler@src/app.ts:4;[gc] 1', {
    meta: { description: 'GET /earlier', startTime: 1000, notes: ['a', 'b'] },
    spans: [{ name: 'first', start: 0, end: 4 }],
  })

describe('combineSessions', () => {
  it('puts samples one session after another, earliest first', () => {
    const combined = combineSessions([later(), earlier()])
    checkSession(combined)
    expect(combined.samples.durationUs).toEqual([3500, 1000, 5000, 250])
    expect(combined.samples.stack).toEqual([1, 0, 2, 0])
    expect(combined.functions.map(({ name }) => name)).toEqual([
      'handler',
      'loadUser',
      'render',
      'stranger',
    ])
    expect(treeText(buildCallTree(combined))).toBe(
      [
        'GET /earlier 9.75',
        '  handler 9.75',
        '    loadUser 3.5',
        '      [self] 3.5',
        '    render 5',
        '      [await] 5',
        '    [self] 0.25',
        '    [gc] 1',
      ].join('\n')
    )
  })

  it('sums times and counts, and keeps what describes the earliest', () => {
    expect(combineSessions([later(), earlier()]).meta).toMatchObject({
      description: 'GET /earlier',
      startTime: 1000,
      duration: 9.75,
      interval: 2,
      sampleCount: 4,
      totals: { cpu: 3.75, gc: 1, await: 5, blocked: 0 },
      overhead: { start: 2, excluded: 1, stop: 4 },
      notes: ['a', 'b', 'c'],
      runs: 4,
    })
  })

  it('shifts waits, blockers and spans by the sessions before them', () => {
    const { waits, blockers, spans } = combineSessions([later(), earlier()])
    expect(waits).toMatchObject([{ stack: 2, startUs: 5500, awaitedUs: 6500, endUs: 9500 }])
    expect(blockers).toEqual({ stack: [3], startUs: [5500], durationUs: [2000] })
    expect(spans.map(({ name, startUs, endUs, parent }) => [name, startUs, endUs, parent])).toEqual(
      [
        ['first', 0, 4000, -1],
        ['outer', 4500, 9500, -1],
        ['inner', 5500, 8500, 1],
      ]
    )
  })

  it('tells functions apart that differ in place only', () => {
    const one = buildSession('f@src/a.ts:1 1')
    const two = buildSession('f@src/a.ts:2 1')
    expect(combineSessions([one, two]).functions).toHaveLength(2)
    expect(combineSessions([one, one]).functions).toHaveLength(1)
  })

  it('tells executing lines apart', () => {
    const stacks = combineSessions([buildSession('f#1 1'), buildSession('f#2 1')]).stacks
    expect(stacks).toEqual({ parent: [-1, -1], function: [0, 0], line: [1, 2] })
  })

  it('leaves its sessions as they were', () => {
    const [one, two] = [later(), earlier()]
    combineSessions([one, two])
    expect([one, two]).toEqual([later(), earlier()])
  })

  it('refuses nothing', () => {
    expect(() => combineSessions([])).toThrow(
      new TypeError('hono-profiler: no sessions to combine: give at least one')
    )
  })

  it('gives the same session for one, and sums for many', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySession, { minLength: 1, maxLength: 5 }), (datas) => {
        expect(combineSessions([datas[0]!])).toEqual(datas[0])
        const combined = combineSessions(datas)
        checkSession(combined)
        const duration = datas.reduce((sum, { meta }) => sum + meta.duration, 0)
        expect(combined.meta.duration).toBeCloseTo(duration, 6)
        expect(combined.samples.stack).toHaveLength(
          datas.reduce((sum, { samples }) => sum + samples.stack.length, 0)
        )
        checkTree(buildCallTree(combined), duration)
      })
    )
  })
})
