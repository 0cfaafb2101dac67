import { describe, expect, it } from 'vitest'
import { waitGroups } from '../../src/analysis/waits.ts'
import { buildSession } from '../helpers/build-session.ts'

const request = 'handler@src/app.ts:1 100'

const shown = (data: ReturnType<typeof buildSession>) =>
  waitGroups(data).map(
    ({ name, function: fn, line, count, time, longest, critical }) =>
      `${name} ${fn ? `${fn.name}:${line}` : 'nowhere'} ${count} times ${time}, longest ${longest}${critical ? ', critical' : ''}`
  )

describe('waitGroups', () => {
  it('puts waits of one name at one line together', () => {
    const path = 'handler@src/app.ts:1#4;query'
    const data = buildSession(request, {
      waits: [
        { path, start: 0, end: 10 },
        { path, start: 10, end: 30, critical: false },
        { path: 'handler@src/app.ts:1#5;query', start: 30, end: 35, critical: false },
      ],
    })
    data.waits.forEach((wait) => (wait.stack = data.stacks.parent[wait.stack]!))
    expect(shown(data)).toEqual([
      'query handler:4 2 times 30, longest 20, critical',
      'query handler:5 1 times 5, longest 5',
    ])
  })

  it('counts parallel waits once, and only from when they are awaited', () => {
    const path = 'handler@src/app.ts:1#4'
    const data = buildSession(request, {
      waits: [
        { path, start: 0, awaited: 40, end: 60 },
        { path, start: 0, awaited: 30, end: 90 },
        { path, start: 0, awaited: 35, end: 50 },
      ],
    })
    expect(shown(data)).toEqual([
      'handler@src/app.ts:1#4 handler:4 3 times 60, longest 60, critical',
    ])
  })

  it('names the application line above a library, the library where there is none, and nothing when unknown', () => {
    const data = buildSession(request, {
      waits: [
        { path: 'handler@src/app.ts:1#4;lib:pg/query#80', start: 0, end: 30 },
        { path: 'lib:pg/query#80', start: 0, end: 20 },
        { path: 'lost', start: 0, end: 10 },
      ],
    })
    data.waits[2]!.stack = -1
    expect(shown(data)).toEqual([
      'lib:pg/query#80 handler:4 1 times 30, longest 30, critical',
      'lib:pg/query#80 query:80 1 times 20, longest 20, critical',
      'lost nowhere 1 times 10, longest 10, critical',
    ])
  })
})
