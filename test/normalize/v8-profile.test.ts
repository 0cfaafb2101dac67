import { describe, expect, it } from 'vitest'
import { GC_STACK, IDLE_STACK, NO_STACK } from '../../src/adapter.ts'
import type { V8Profile, V8ProfileNode } from '../../src/normalize/v8-profile.ts'
import { readV8Profile } from '../../src/normalize/v8-profile.ts'

const url = 'file:///project/src/app.ts'

function node(id: number, functionName: string, more: Partial<V8ProfileNode> = {}): V8ProfileNode {
  const isMarker = functionName.startsWith('(')
  const callFrame = {
    functionName,
    scriptId: '1',
    url: isMarker ? '' : url,
    lineNumber: isMarker ? -1 : id,
    columnNumber: isMarker ? -1 : 4,
  }
  return { id, callFrame, ...more }
}

function profile(nodes: V8ProfileNode[], samples: number[], timeDeltas?: number[]): V8Profile {
  const deltas = timeDeltas ?? samples.map(() => 1000)
  return { nodes, startTime: 5000, endTime: 9000, samples, timeDeltas: deltas }
}

describe('times', () => {
  it('are the start and all deltas up to the sample, the first included', () => {
    const { timeUs } = readV8Profile(profile([node(1, '(root)')], [1, 1, 1], [700, 1000, 1300]))
    expect(Array.from(timeUs)).toEqual([5700, 6700, 8000])
  })

  it('are on the clock of the recording', () => {
    const { timeUs } = readV8Profile(profile([node(1, '(root)')], [1], [700]), 5000)
    expect(Array.from(timeUs)).toEqual([700])
  })

  it('are none in a profile without samples', () => {
    const { timeUs, stack } = readV8Profile({ nodes: [], startTime: 0, endTime: 1 })
    expect([timeUs.length, stack.length]).toEqual([0, 0])
  })
})

describe('stacks', () => {
  it('share the frames of callers, with lines of their own where they are seen', () => {
    const ticks = (line: number): Partial<V8ProfileNode> => ({
      positionTicks: [{ line, ticks: 1 }],
    })
    const nodes = [
      node(1, '(root)', { children: [2] }),
      node(2, 'handler', { children: [3, 4] }),
      node(3, 'first', ticks(7)),
      node(4, 'second', ticks(9)),
    ]
    const samples = readV8Profile(profile(nodes, [3, 4]))
    const [first, second] = Array.from(samples.stack, (each) => samples.frames(each))
    expect([first!, second!].map((each) => each.map(({ line }) => line))).toEqual([
      [0, 7],
      [0, 9],
    ])
    expect(first![0]!.function).toBe(second![0]!.function)
  })

  it('tell nodes of one function apart by their callers', () => {
    const again = { ...node(5, 'shared'), callFrame: node(3, 'shared').callFrame }
    const nodes = [
      node(1, '(root)', { children: [2, 4] }),
      node(2, 'one', { children: [3] }),
      node(3, 'shared'),
      node(4, 'other', { children: [5] }),
      again,
    ]
    const samples = readV8Profile(profile(nodes, [3, 5, 3]))
    const stacks = Array.from(samples.stack, (each) => samples.frames(each))
    expect(stacks.map((frames) => frames.map((frame) => frame.function.name))).toEqual([
      ['one', 'shared'],
      ['other', 'shared'],
      ['one', 'shared'],
    ])
    expect(stacks[0]![1]!.function).toBe(stacks[1]![1]!.function)
  })

  it('tell idling, the engine and the garbage collector from functions', () => {
    const nodes = [
      node(1, '(root)', { children: [2, 3, 4, 5] }),
      node(2, '(idle)'),
      node(3, '(program)'),
      node(4, '(garbage collector)'),
      node(5, 'handler'),
    ]
    const { stack } = readV8Profile(profile(nodes, [2, 3, 4, 1, 5]))
    expect(Array.from(stack).slice(0, 4)).toEqual([IDLE_STACK, NO_STACK, GC_STACK, NO_STACK])
    expect(stack[4]).toBeGreaterThanOrEqual(0)
  })

  it('take a function of the user that is called like a marker for a function', () => {
    const named = node(2, 'idle')
    named.callFrame.functionName = '(idle)'
    named.callFrame.url = url
    const { stack } = readV8Profile(profile([node(1, '(root)', { children: [2] }), named], [2]))
    expect(stack[0]).toBeGreaterThanOrEqual(0)
  })

  it('are outermost first, without the root, positions from 1', () => {
    const nodes = [
      node(1, '(root)', { children: [2] }),
      node(2, 'outer', { children: [3] }),
      node(3, 'inner'),
    ]
    const samples = readV8Profile(profile(nodes, [3]))
    expect(samples.frames(samples.stack[0]!)).toEqual([
      { function: { name: 'outer', url, line: 3, column: 5 }, line: 0, column: 0 },
      { function: { name: 'inner', url, line: 4, column: 5 }, line: 0, column: 0 },
    ])
  })

  it('of a node that is not there are of no function', () => {
    expect(Array.from(readV8Profile(profile([node(1, '(root)')], [99])).stack)).toEqual([NO_STACK])
  })

  it('of a deep recursion are read whole', () => {
    const depth = 20_000
    const nodes = Array.from({ length: depth }, (_, i) =>
      node(i + 1, i === 0 ? '(root)' : 'recurse', { children: i + 1 < depth ? [i + 2] : [] })
    )
    const samples = readV8Profile(profile(nodes, [depth]))
    expect(samples.frames(samples.stack[0]!)).toHaveLength(depth - 1)
  })
})

describe('executing lines', () => {
  const linesOf = (ticks: { line: number; ticks: number }[], count: number): number[] => {
    const nodes = [node(1, '(root)', { children: [2] }), node(2, 'f', { positionTicks: ticks })]
    const samples = readV8Profile(profile(nodes, Array<number>(count).fill(2)))
    return Array.from(samples.stack).map((entry) => samples.frames(entry).at(-1)!.line)
  }

  it('stand in as many samples as V8 counted, from top to bottom', () => {
    const lines = linesOf(
      [
        { line: 12, ticks: 3 },
        { line: 10, ticks: 6 },
      ],
      9
    )
    expect(lines).toEqual([10, 10, 10, 10, 10, 10, 12, 12, 12])
  })

  const [root, idle, gc] = [
    node(1, '(root)', { children: [2, 3, 4] }),
    node(3, '(idle)'),
    node(4, '(garbage collector)'),
  ]
  const fnLines = (nodes: V8ProfileNode[], ids: number[]): number[] => {
    const samples = readV8Profile(profile(nodes, ids))
    return Array.from(samples.stack)
      .filter((entry) => entry >= 0)
      .map((entry) => samples.frames(entry)[0]!)
      .map(({ line, near }) => line || (near?.line ?? 0))
  }
  const positionTicks = [
    { line: 10, ticks: 3 },
    { line: 12, ticks: 3 },
  ]

  it('go on after a wait, and after garbage was collected', () => {
    const nodes = [root, node(2, 'f', { positionTicks }), idle, gc]
    expect(fnLines(nodes, [2, 4, 2, 3, 2, 2, 2, 2])).toEqual([10, 10, 10, 12, 12, 12])
  })

  it('begin anew in each visit of a function that is called again and again', () => {
    const nodes = [root, node(2, 'f', { positionTicks }), idle]
    expect(fnLines(nodes, [2, 2, 3, 2, 2, 3, 2, 2])).toEqual([10, 12, 10, 12, 10, 12])
  })

  it('are near those of callers that were innermost a moment ago', () => {
    const now = node(5, 'now', { positionTicks: [{ line: 139, ticks: 3 }] })
    now.callFrame.url = 'node:perf_hooks'
    const ticks = [...positionTicks, { line: 139, ticks: 2 }]
    const nodes = [root, node(2, 'f', { positionTicks: ticks, children: [5] }), now]
    const ids = [2, 2, 5, 2, 2, 5, 5, 2, 2, 2, 2]
    expect(fnLines(nodes, ids)).toEqual([10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 12])
  })

  it('of callers that were not seen for long are unknown', () => {
    const now = node(5, 'now')
    now.callFrame.url = 'node:perf_hooks'
    const nodes = [root, node(2, 'f', { positionTicks, children: [5] }), now]
    const ids = [2, ...Array<number>(200).fill(5)]
    expect(fnLines(nodes, ids).slice(-100)).toEqual(Array<number>(100).fill(0))
  })

  it('go on in proportion when there are more samples than ticks', () => {
    const lines = linesOf(
      [
        { line: 10, ticks: 1 },
        { line: 12, ticks: 1 },
      ],
      10
    )
    expect(lines.filter((line) => line === 10)).toHaveLength(5)
  })

  it('are unknown where V8 counted none', () => {
    expect(linesOf([], 2)).toEqual([0, 0])
  })
})
