import { describe, expect, it } from 'vitest'
import { importV8Profile } from '../../src/normalize/import-v8.ts'
import type { V8Profile, V8ProfileNode } from '../../src/normalize/v8-profile.ts'
import { checkSession, checkTree } from '../../src/session/check.ts'
import { Session } from '../../src/session.ts'

const ROOT = 1
const IDLE = 2
const PROGRAM = 3
const COLLECTOR = 4
const HANDLER = 5
const QUERY = 6

const nodes = [
  node(ROOT, '(root)', '', [IDLE, PROGRAM, COLLECTOR, HANDLER]),
  node(IDLE, '(idle)', ''),
  node(PROGRAM, '(program)', ''),
  node(COLLECTOR, '(garbage collector)', ''),
  node(HANDLER, 'handler', 'file:///project/src/app.ts', [QUERY]),
  node(QUERY, 'query', 'file:///project/node_modules/db/index.js'),
]

function node(id: number, functionName: string, url: string, children?: number[]): V8ProfileNode {
  const position = url === '' ? -1 : id * 10
  const callFrame = { functionName, url, lineNumber: position, columnNumber: position }
  return { id, callFrame, children }
}

/** Samples a millisecond apart; the profile begins 5 ms before the first and ends half a millisecond after the last. */
function profileOf(samples: number[]): V8Profile {
  return {
    nodes,
    startTime: 1_000_000,
    endTime: 1_005_000 + (samples.length - 1) * 1000 + 500,
    samples,
    timeDeltas: samples.map((_, i) => (i === 0 ? 5000 : 1000)),
  }
}

function imported(profile: V8Profile): Session {
  const paths = { projectRoot: '/project', ownFiles: [] }
  const data = importV8Profile(profile, { description: 'nightly', paths })
  checkSession(data)
  const session = new Session(data)
  checkTree(session.rootFrame(), session.duration)
  return session
}

/** Milliseconds by function, to the microsecond. */
const selfTimes = (session: Session): Record<string, number> =>
  Object.fromEntries(
    session.flat().map(({ function: name, time }) => [name, Math.round(time * 1000) / 1000])
  )

describe('times', () => {
  it('reach from the first sample to the end, each sample half way to its neighbours', () => {
    const session = imported(profileOf([HANDLER, HANDLER, QUERY, QUERY, HANDLER]))
    expect(session.duration).toBe(4.25)
    expect(selfTimes(session)).toEqual({ handler: 1.5 + 0.75, query: 2 })
    expect(session.meta.totals).toEqual({ cpu: 4.25, gc: 0, await: 0, blocked: 0 })
  })

  it('follow uneven intervals', () => {
    const profile = profileOf([HANDLER, QUERY, HANDLER])
    profile.timeDeltas = [5000, 600, 3000]
    profile.endTime = 1_009_000
    const session = imported(profile)
    expect(selfTimes(session)).toEqual({ handler: 0.3 + 1.7, query: 1.8 })
  })

  it('do not run backwards where samples came in the wrong order', () => {
    const profile = profileOf([HANDLER, QUERY, HANDLER])
    profile.timeDeltas = [5000, 2000, -500]
    expect(imported(profile).duration).toBe(2)
  })

  it('are none in a profile without samples', () => {
    const session = imported({ nodes: [], startTime: 0, endTime: 900 })
    expect([session.duration, session.meta.sampleCount, session.meta.interval]).toEqual([0, 0, 0])
  })
})

describe('states', () => {
  it('are waiting at the root where the process was idle', () => {
    const session = imported(profileOf([HANDLER, IDLE, IDLE, HANDLER]))
    expect(session.meta.totals).toEqual({ cpu: 1.25, gc: 0, await: 2, blocked: 0 })
    expect(session.rootFrame().children.map((frame) => [frame.function, frame.time])).toEqual([
      ['handler', 1.25],
      ['[await]', 2],
    ])
  })

  it('are collecting in what was interrupted', () => {
    const session = imported(profileOf([QUERY, COLLECTOR, COLLECTOR, HANDLER]))
    expect(session.meta.totals).toEqual({ cpu: 1.25, gc: 2, await: 0, blocked: 0 })
    expect(selfTimes(session)).toEqual({ query: 2.5, handler: 0.75 })
  })

  it('give the engine’s own work to what ran before, and to the root before anything ran', () => {
    const session = imported(profileOf([PROGRAM, QUERY, PROGRAM, IDLE, PROGRAM]))
    expect(selfTimes(session)).toEqual({ nightly: 0.5 + 1 + 0.75, query: 2 })
    expect(session.meta.totals).toEqual({ cpu: 3.25, gc: 0, await: 1, blocked: 0 })
  })
})

it('functions have their callers, files and lines', () => {
  const [handler] = imported(profileOf([QUERY, QUERY])).rootFrame().children
  expect(handler).toMatchObject({ function: 'handler', filePathShort: 'src/app.ts', lineNo: 51 })
  expect(handler!.isApplicationCode).toBe(true)
  const [query] = handler!.children
  expect(query).toMatchObject({ function: 'query', filePathShort: 'db/index.js', lineNo: 61 })
  expect(query!.isApplicationCode).toBe(false)
})

it('the session says what it was made of', () => {
  const { meta } = imported(profileOf([HANDLER, QUERY, HANDLER]))
  expect(meta).toMatchObject({ description: 'nightly', runtime: 'v8', sampleCount: 3, interval: 1 })
  expect(meta.request).toBeUndefined()
})
