import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSession, checkTree } from '../../src/session/check.ts'
import type { Frame } from '../../src/session/frame.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const tree = (): Frame => buildCallTree(buildSession('a;b 3\na;b;[await] 5\na;[gc] 2\n[blocked] 1'))

/** The frame at a path of positions among children. */
function at(root: Frame, ...positions: number[]): Frame {
  return positions.reduce((frame, position) => frame.children[position]!, root)
}

describe('checkSession', () => {
  it('accepts every session', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        checkSession(data)
      })
    )
  })

  it('refuses totals that are not those of the samples', () => {
    const data = buildSession('a 3\na;[await] 5')
    data.meta.totals = { cpu: 5, gc: 0, await: 3, blocked: 0 }
    expect(() => {
      checkSession(data)
    }).toThrow('samples in state cpu add up to 3000 µs, but meta.totals.cpu is 5 ms')
  })
})

describe('checkTree', () => {
  it('accepts the tree of every session', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.boolean(), (data, timeline) => {
        checkTree(buildCallTree(data, { timeline }), data.meta.duration)
      })
    )
  })

  it('accepts a tree that is 10,000 frames deep', () => {
    const path = Array.from({ length: 10_000 }, (_, i) => `f${i}`).join(';')
    checkTree(buildCallTree(buildSession(`${path} 7`)), 7)
  })

  it.each<[string, (root: Frame) => void, string]>([
    [
      'a root with another time',
      () => undefined,
      'GET /: time is 11 ms, but the expected time is 12 ms',
    ],
    [
      'children that do not add up',
      (root) => (at(root, 0).absorbedTime = 1),
      'GET / › a: children + absorbed is 11 ms, but time is 10 ms',
    ],
    [
      'states that do not add up',
      (root) => (at(root, 0, 0).awaitTime = 4),
      'GET / › a › b: cpu + await + blocked is 7 ms, but time is 8 ms',
    ],
    [
      'children with more of a state than their parent',
      (root) => {
        at(root, 0, 0).cpuTime += 1
        at(root, 0, 0).awaitTime -= 1
      },
      'GET / › a: cpuTime of the children is 6 ms, but cpuTime is 5 ms',
    ],
    [
      'more garbage collection than processor time',
      (root) => (root.gcTime = 6),
      'GET /: gcTime is 6 ms, but cpuTime is 5 ms',
    ],
    [
      'a negative time',
      (root) => (at(root, 1).blockedTime = -1),
      'GET / › [blocked]: blockedTime is -1 ms',
    ],
    ['a time that is no number', (root) => (root.gcTime = NaN), 'GET /: gcTime is NaN ms'],
    ['a wrong parent', (root) => (at(root, 0, 0).parent = root), 'GET / › b: its parent is not a'],
    [
      'a frame that stands twice',
      (root) => root.children.push(at(root, 0)),
      'GET /: children + absorbed is 21 ms, but time is 11 ms',
    ],
    [
      'a synthetic frame with children',
      (root) => at(root, 1).children.push(at(root, 0)),
      'GET / › [blocked]: it is synthetic and has children',
    ],
  ])('refuses %s', (_what, spoil, problem) => {
    const root = tree()
    checkTree(root, 11)
    spoil(root)
    const expected = problem.includes('the expected time') ? 12 : 11
    expect(() => {
      checkTree(root, expected)
    }).toThrow(`hono-profiler: wrong call tree at ${problem}`)
  })

  it('refuses a frame that stands twice, with a time that hides it', () => {
    const root = tree()
    root.children.push(at(root, 1))
    root.time += 1
    root.blockedTime += 1
    expect(() => {
      checkTree(root)
    }).toThrow('GET / › [blocked]: it stands in the tree twice')
  })

  it('shows the last frames of a long path', () => {
    const path = Array.from({ length: 30 }, (_, i) => `f${i}`).join(';')
    const root = buildCallTree(buildSession(`${path} 7`))
    const last = at(root, ...new Array<number>(30).fill(0))
    last.absorbedTime = 1
    expect(() => {
      checkTree(root)
    }).toThrow('at … › f20 › f21 ›')
  })
})
