import { describe, expect, it } from 'vitest'
import type { LineTime } from '../../src/analysis/lines.ts'
import { hotLines } from '../../src/analysis/lines.ts'
import { buildSession } from '../helpers/build-session.ts'

const shown = ({ function: fn, line, time, cpuTime, awaitTime, blockedTime }: LineTime) =>
  `${fn.name}:${line} ${time} = ${cpuTime} + ${awaitTime} + ${blockedTime}`

describe('hotLines', () => {
  it('gives what libraries do to the line that calls them', () => {
    const data = buildSession(`
      lib:hono/dispatch;load@src/db.ts:10#14;lib:pg/query;[await] 50
      lib:hono/dispatch;load@src/db.ts:10#14;lib:pg/query;lib:pg/parse 5
      lib:hono/dispatch;load@src/db.ts:10#15;native:stringify 7
      lib:hono/dispatch;load@src/db.ts:10#14;[blocked] 3
    `)
    expect(hotLines(data).map(shown)).toEqual(['load:14 58 = 5 + 50 + 3', 'load:15 7 = 7 + 0 + 0'])
  })

  it('counts a sample once, for the innermost application frame', () => {
    const data = buildSession(`
      outer@src/a.ts:1#2;lib:x/each;inner@src/a.ts:5#6 10
      outer@src/a.ts:1#3;outer@src/a.ts:1#2 4
      outer@src/a.ts:1#3 1
    `)
    expect(hotLines(data).map(shown)).toEqual([
      'inner:6 10 = 10 + 0 + 0',
      'outer:2 4 = 4 + 0 + 0',
      'outer:3 1 = 1 + 0 + 0',
    ])
  })

  it('names the line of the function when the executing line is unknown', () => {
    const data = buildSession('load@src/db.ts:10;[gc] 5')
    expect(hotLines(data).map(shown)).toEqual(['load:10 5 = 5 + 0 + 0'])
  })

  it('leaves out time without application code', () => {
    expect(
      hotLines(buildSession('lib:hono/dispatch 5\nruntime:listOnTimeout 1\n[await] 3'))
    ).toEqual([])
  })
})
