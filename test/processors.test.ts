import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aggregateRepeatedCalls,
  collapseAsyncWrappers,
  defaultProcessors,
  foldRecursion,
  groupLibraryFrames,
  hidePlumbing,
  mergeConsecutiveSelfTime,
  processTree,
  removeIrrelevantNodes,
  removeUnnecessarySelfTimeNodes,
} from '../src/processors.ts'
import { checkTree } from '../src/session/check.ts'
import type { Frame } from '../src/session/frame.ts'
import { walk } from '../src/session/frame.ts'
import { buildCallTree } from '../src/session/tree.ts'
import { arbitraryOptions, arbitrarySession } from './helpers/arbitrary-session.ts'
import { buildSession } from './helpers/build-session.ts'
import { frameNamed, processed } from './helpers/processed.ts'
import { treeText } from './helpers/tree-text.ts'

const allProcessors = [
  hidePlumbing,
  collapseAsyncWrappers,
  foldRecursion,
  mergeConsecutiveSelfTime,
  aggregateRepeatedCalls,
  removeIrrelevantNodes,
  removeUnnecessarySelfTimeNodes,
  groupLibraryFrames,
]

describe('mergeConsecutiveSelfTime', () => {
  it('merges leaves of one kind that became neighbours', () => {
    const text = 'a;[self] 1\na;profiler:run;b 2\na;[self] 3\na;[await] 4\na;[self] 5'
    const root = buildCallTree(buildSession(text), { timeline: true })
    const a = root.children[0]!
    a.children.splice(1, 1)
    a.absorbedTime = 2
    mergeConsecutiveSelfTime(root, {})
    checkTree(root, 15)
    expect(treeText(a)).toBe('a 15 absorbed 2\n  [self] 4\n  [await] 4\n  [self] 5')
  })

  it('leaves calls alone', () => {
    const root = processed(mergeConsecutiveSelfTime, 'a;b 1\na;c 1\na;b 1', { timeline: true })
    expect(root.children[0]!.children.map((child) => child.function)).toEqual(['b', 'c', 'b'])
  })
})

describe('foldRecursion', () => {
  it('merges calls of a function by itself, and keeps what they call', () => {
    const text = 'f@a:1 1\nf@a:1;f@a:1;g 2\nf@a:1;f@a:1;f@a:1 4\nf@a:1;g;f@a:1 8'
    const root = processed(foldRecursion, text)
    expect(treeText(root.children[0]!)).toBe(
      [
        'f 15',
        '  g 2',
        '    [self] 2',
        '  [self] 4',
        '  g 8',
        '    f 8',
        '      [self] 8',
        '  [self] 1',
      ].join('\n')
    )
    expect(root.children[0]!.recursionDepth).toBe(3)
    expect(frameNamed(root, 'g').children[0]!.recursionDepth).toBe(1)
  })

  it('leaves functions of the same name alone', () => {
    const text = 'f@a:1;f@a:9 1'
    expect(treeText(processed(foldRecursion, text))).toBe('GET / 1\n  f 1\n    f 1\n      [self] 1')
    const unplaced = 'now@ext:a:0;now@ext:a:0 1'
    expect(processed(foldRecursion, unplaced).children[0]!.recursionDepth).toBe(1)
  })

  it('folds ten thousand levels, which say how many they were when merged with others', () => {
    const deep = Array.from({ length: 10_000 }, () => 'f@a:1').join(';')
    const root = processTree(buildCallTree(buildSession(`${deep} 5\nf@a:1;f@a:1 1`)))
    expect(treeText(root)).toBe('GET / 6\n  f 6 absorbed 6')
    expect(root.children[0]!.recursionDepth).toBe(10_000)
  })
})

describe('aggregateRepeatedCalls', () => {
  it('merges calls of one function at every depth, most time first', () => {
    const text = 'a;b;c 1\na;d 4\na;b;e 2\na;b;c 3\na;[await] 5\na;d;[await] 1\na;[await] 2'
    expect(treeText(processed(aggregateRepeatedCalls, text, { timeline: true }))).toBe(
      [
        'GET / 18',
        '  a 18',
        '    [await] 7',
        '    b 6',
        '      c 4',
        '        [self] 4',
        '      e 2',
        '        [self] 2',
        '    d 5',
        '      [self] 4',
        '      [await] 1',
      ].join('\n')
    )
  })

  it('tells functions of one name apart by file, line and column', () => {
    const text = 'f@src/a.ts:1 1\nf@src/b.ts:1 1\nf@src/a.ts:2 1\nf@src/a.ts:1 1'
    const { children } = processed(aggregateRepeatedCalls, text, { timeline: true })
    expect(
      children.map(({ filePathShort, lineNo, time }) => [filePathShort, lineNo, time])
    ).toEqual([
      ['src/a.ts', 1, 2],
      ['src/b.ts', 1, 1],
      ['src/a.ts', 2, 1],
    ])
  })

  it('merges records of one function that are not the same object', () => {
    const data = buildSession('f@src/a.ts:1 1\ng 1')
    data.functions[1] = { ...data.functions[0]! }
    const root = aggregateRepeatedCalls(buildCallTree(data), {})
    expect(root.children.map(({ time }) => time)).toEqual([2])
  })
})

describe('removeIrrelevantNodes', () => {
  const text = 'a;b 98\na;c;[await] 0.6\na;c;[blocked] 0.3\na;[gc] 0.1\na;d 1'

  it('absorbs frames below 1 % of the whole, and keeps those of 1 %', () => {
    const root = processed(removeIrrelevantNodes, text)
    expect(treeText(root)).toBe(
      [
        'GET / 100',
        '  a 100 absorbed 1',
        '    b 98',
        '      [self] 98',
        '    d 1',
        '      [self] 1',
      ].join('\n')
    )
    const { cpuTime, awaitTime, blockedTime, gcTime, totalSelfTime } = root.children[0]!
    expect([awaitTime, blockedTime, gcTime]).toEqual([0.6, 0.3, 0.1])
    expect(cpuTime).toBeCloseTo(99.1, 9)
    expect(totalSelfTime).toBeCloseTo(1, 9)
  })

  it('takes another threshold', () => {
    const root = processed(removeIrrelevantNodes, text, { filterThreshold: 0.5 })
    expect(treeText(root.children[0]!)).toBe('a 100 absorbed 2\n  b 98\n    [self] 98')
    expect([...walk(processed(removeIrrelevantNodes, text, { filterThreshold: 0 }))]).toHaveLength(
      10
    )
  })
})

describe('removeUnnecessarySelfTimeNodes', () => {
  it('absorbs a lone [self], and nothing else', () => {
    const text = 'a 1\nb;[await] 2\nc 3\nc;d 4\nc;e;[gc] 5'
    expect(treeText(processed(removeUnnecessarySelfTimeNodes, text))).toBe(
      [
        'GET / 15',
        '  a 1 absorbed 1',
        '  b 2',
        '    [await] 2',
        '  c 12',
        '    d 4 absorbed 4',
        '    e 5',
        '      [gc] 5',
        '    [self] 3',
      ].join('\n')
    )
  })
})

describe('collapseAsyncWrappers', () => {
  it('merges a wrapper with its body', () => {
    const text =
      'load@src/a.ts:3;load@src/a.ts:4;query 5\nload@src/a.ts:3;load@src/a.ts:4;[await] 2'
    expect(treeText(processed(collapseAsyncWrappers, `${text}\nload@src/a.ts:3 1`))).toBe(
      [
        'GET / 8',
        '  load 8',
        '    query 5',
        '      [self] 5',
        '    [await] 2',
        '    [self] 1',
      ].join('\n')
    )
  })

  it('keeps the order of time', () => {
    const text = 'f@a:1 1\nf@a:1;f@a:2;g 2\nf@a:1;f@a:2;[await] 3\nf@a:1 4\nf@a:1;f@a:2;h 5'
    const root = processed(collapseAsyncWrappers, text, { timeline: true })
    const { children } = root.children[0]!
    expect(children.map(({ function: name, time }) => `${name} ${time}`)).toEqual([
      '[self] 1',
      'g 2',
      '[await] 3',
      '[self] 4',
      'h 5',
    ])
  })

  it.each([
    ['another call beside it', 'f@a:1;f@a:2 1\nf@a:1;g 1'],
    ['another file', 'f@a:1;f@b:1 1'],
    ['another name', 'f@a:1;g@a:1 1'],
    ['anonymous functions of other lines', '(anonymous)@a:1;(anonymous)@a:2 1'],
    ['native functions', 'native:sort;native:sort@x 1'],
    ['recursion', 'f@a:1;f@a:1;f@a:1 1'],
  ])('leaves alone: %s', (_what, text) => {
    const before = treeText(buildCallTree(buildSession(text)))
    expect(treeText(processed(collapseAsyncWrappers, text))).toBe(before)
  })
})

describe('hidePlumbing', () => {
  it('puts their calls in their place, and gives their time to their caller', () => {
    const text = [
      'dispatch;profiler:run;profiler:span;handler;query;[await] 20',
      'dispatch;profiler:run;profiler:span 1',
      'dispatch;profiler:run;[gc] 2',
      'dispatch;profiler:span;[await] 4',
      'dispatch;profiler:span;[blocked] 8',
      'dispatch;after 3',
    ].join('\n')
    const root = processed(hidePlumbing, text)
    expect(treeText(root)).toBe(
      [
        'GET / 38',
        '  dispatch 38 absorbed 3',
        '    handler 20',
        '      query 20',
        '        [await] 20',
        '    [await] 4',
        '    [blocked] 8',
        '    after 3',
        '      [self] 3',
      ].join('\n')
    )
    const wait = root.children[0]!.children[1]!
    expect([wait.isSynthetic, wait.filePathShort]).toEqual([true, 'src/app.ts'])
    expect([...walk(root)].every((frame) => frame.record.origin !== 'profiler')).toBe(true)
  })

  it('hides frames right below the request', () => {
    const root = processed(hidePlumbing, 'profiler:run;a 2\nprofiler:run 1')
    expect(treeText(root)).toBe('GET / 3 absorbed 1\n  a 2\n    [self] 2')
  })

  it("puts what Hono's dispatcher calls in its place", () => {
    const dispatch = 'lib:hono/dispatch@hono/dist/compose.js:24'
    const text = `auth;${dispatch};handler 5\nauth;${dispatch} 1\nauth;lib:hono/html 2`
    expect(treeText(processed(hidePlumbing, text).children[0]!)).toBe(
      ['auth 8 absorbed 1', '  handler 5', '    [self] 5', '  html 2', '    [self] 2'].join('\n')
    )
  })
})

describe('defaultProcessors', () => {
  it.each([
    [{}, allProcessors],
    [
      { timeline: true },
      allProcessors.filter((each) => each !== aggregateRepeatedCalls && each !== foldRecursion),
    ],
    [
      { showAll: true },
      [
        collapseAsyncWrappers,
        mergeConsecutiveSelfTime,
        aggregateRepeatedCalls,
        removeUnnecessarySelfTimeNodes,
      ],
    ],
    [
      { timeline: true, showAll: true },
      [collapseAsyncWrappers, mergeConsecutiveSelfTime, removeUnnecessarySelfTimeNodes],
    ],
  ])('with %j', (selection, processors) => {
    expect(defaultProcessors(selection)).toEqual(processors)
  })
})

describe('processTree', () => {
  const text = [
    'profiler:run;lib:hono/compose;lib:hono/dispatch;handler;load@a:1;load@a:2;[await] 60',
    'profiler:run;lib:hono/compose;lib:hono/dispatch;handler;render 39',
    'profiler:run;lib:hono/compose;lib:hono/dispatch;handler;tiny 0.5',
    'profiler:run 0.5',
  ].join('\n')

  it('makes a tree that is ready to show', () => {
    const root = processTree(buildCallTree(buildSession(text)))
    checkTree(root, 100)
    expect(treeText(root)).toBe(
      [
        'GET / 100 absorbed 0.5',
        '  compose 99.5',
        '    dispatch 99.5',
        '      handler 99.5 absorbed 0.5',
        '        load 60',
        '          [await] 60',
        '        render 39 absorbed 39',
      ].join('\n')
    )
    const group = frameNamed(root, 'compose').group!
    expect(group.frames).toHaveLength(2)
    expect(group.exitFrames).toEqual([frameNamed(root, 'dispatch')])
  })

  it('shows all', () => {
    const root = processTree(buildCallTree(buildSession(text)), { showAll: true })
    const names = [...walk(root)].map((frame) => frame.function)
    expect(names).toContain('run')
    expect(names).toContain('tiny')
    expect([...walk(root)].every((frame) => !frame.group)).toBe(true)
  })
})

describe('every processor', () => {
  it('keeps the accounting, in any order and repeated', () => {
    fc.assert(
      fc.property(
        arbitrarySession,
        fc.boolean(),
        fc.array(fc.constantFrom(...allProcessors), { maxLength: 10 }),
        arbitraryOptions,
        (data, timeline, processors, options) => {
          const root = buildCallTree(data, { timeline })
          const states = statesOf(root)
          for (const processor of processors) {
            expect(processor(root, options)).toBe(root)
            checkTree(root, data.meta.duration)
            expect(statesOf(root)).toEqual(states)
          }
        }
      ),
      { numRuns: 300 }
    )
  })

  it.each([false, true])('works on a tree 10,000 frames deep (timeline: %s)', (timeline) => {
    const kinds = ['f', 'f', 'g', 'profiler:run', 'lib:hono/compose', 'lib:hono/compose']
    const path = Array.from({ length: 10_000 }, (_, i) => kinds[i % kinds.length]).join(';')
    const data = buildSession(`${path} 7\n${path};[await] 5\ng 3\n${path} 2`)
    const root = processTree(buildCallTree(data, { timeline }), { timeline })
    checkTree(root, 17)
    expect([...walk(root)].length).toBeGreaterThan(5000)
  })
})

function statesOf({ cpuTime, awaitTime, blockedTime, gcTime }: Frame): number[] {
  return [cpuTime, awaitTime, blockedTime, gcTime]
}
