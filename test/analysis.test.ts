import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProfileEntry } from '../src/analysis/query.ts'
import { callees, callers, flat, hotPaths } from '../src/analysis/query.ts'
import type { Frame } from '../src/session/frame.ts'
import { walk } from '../src/session/frame.ts'
import type { SessionData, State } from '../src/session/records.ts'
import { buildCallTree } from '../src/session/tree.ts'
import { arbitrarySession } from './helpers/arbitrary-session.ts'
import { buildSession } from './helpers/build-session.ts'

const tree = (text: string): SessionData => buildSession(text)

const text = [
  'handler@src/app.ts:10;load@src/db.ts:3;[await] 50',
  'handler@src/app.ts:10;load@src/db.ts:3;lib:pg/query;[await] 20',
  'handler@src/app.ts:10;load@src/db.ts:3;lib:pg/query;native:parse 4',
  'handler@src/app.ts:10;render@src/view.ts:7 8',
  'handler@src/app.ts:10;render@src/view.ts:7;native:parse 2',
  'handler@src/app.ts:10;[gc] 1',
  '[blocked] 5',
].join('\n')

const brief = (entries: ProfileEntry[]): string[] =>
  entries.map(({ time, function: name, file, line }) =>
    `${Number(time.toFixed(6))} ${name} ${file}:${line}`.replace('/project/', '')
  )

const sumOf = (entries: { time: number }[]): number =>
  entries.reduce((sum, { time }) => sum + time, 0)

describe('flat', () => {
  it('gives self time by function, waits included, each microsecond once', () => {
    expect(brief(flat(tree(text)))).toEqual([
      '50 load src/db.ts:3',
      '20 query node_modules/pg/index.js:3',
      '8 render src/view.ts:7',
      '6 parse :0',
      '5 GET / :0',
      '1 handler src/app.ts:10',
    ])
  })

  it('filters by part of the path, and cuts off', () => {
    expect(brief(flat(tree(text), { paths: ['/src/view', 'node_modules'] }))).toEqual([
      '20 query node_modules/pg/index.js:3',
      '8 render src/view.ts:7',
    ])
    expect(flat(tree(text), { paths: [] })).toHaveLength(6)
    expect(brief(flat(tree(text), { n: 1 }))).toEqual(['50 load src/db.ts:3'])
    expect(flat(tree(text), { n: 0 })).toEqual([])
  })

  it('takes one path as text', () => {
    expect(brief(flat(tree(text), { paths: 'view' }))).toEqual(['8 render src/view.ts:7'])
  })

  it('gives total time, recursion once', () => {
    expect(brief(flat(tree(text), { by: 'total', n: 4 }))).toEqual([
      '90 GET / :0',
      '85 handler src/app.ts:10',
      '74 load src/db.ts:3',
      '24 query node_modules/pg/index.js:3',
    ])
    expect(brief(flat(tree('f@a:1 1\nf@a:1;g@b:2;f@a:1 2'), { by: 'total' }))).toEqual([
      '3 GET / :0',
      '3 f a:1',
      '2 g b:2',
    ])
  })

  it('gives time in one state', () => {
    expect(brief(flat(tree(text), { state: 'cpu' }))).toEqual([
      '8 render src/view.ts:7',
      '6 parse :0',
      '1 handler src/app.ts:10',
    ])
    expect(brief(flat(tree(text), { state: 'await', by: 'total', paths: '/src/' }))).toEqual([
      '70 handler src/app.ts:10',
      '70 load src/db.ts:3',
    ])
  })

  it('gives time by package', () => {
    const packages = `${text}\nhandler@src/app.ts:10;runtime:read 3\nprofiler:run 1`
    expect(brief(flat(tree(packages), { group: 'package' }))).toEqual([
      '59 (application) :0',
      '20 pg :0',
      '6 (native) :0',
      '5 GET / :0',
      '3 (node) :0',
      '1 hono-profiler :0',
    ])
    expect(brief(flat(tree(text), { group: 'package', by: 'total', n: 3 }))).toEqual([
      '90 GET / :0',
      '85 (application) :0',
      '24 pg :0',
    ])
  })

  it('gives 20 by default, and all when asked', () => {
    const many = tree(Array.from({ length: 30 }, (_, i) => `f${i} ${i + 1}`).join('\n'))
    expect(flat(many)).toHaveLength(20)
    expect(flat(many, { n: Infinity })).toHaveLength(30)
  })

  it('orders equal times by name, file and line', () => {
    const ties = 'b@y:1 1\nb@x:2 1\na@z:9 1\nb@x:1 1'
    expect(brief(flat(tree(ties)))).toEqual(['1 a z:9', '1 b x:1', '1 b x:2', '1 b y:1'])
  })
})

describe('callers', () => {
  it('gives the self time of a function to its immediate callers', () => {
    expect(brief(callers(tree(text), 'parse'))).toEqual([
      '4 query node_modules/pg/index.js:3',
      '2 render src/view.ts:7',
    ])
    expect(brief(callers(tree(text), 'load'))).toEqual(['50 handler src/app.ts:10'])
    expect(brief(callers(tree(text), 'handler'))).toEqual(['1 GET / :0'])
  })

  it('filters by the path of the caller', () => {
    expect(brief(callers(tree(text), 'parse', { paths: ['view'] }))).toEqual([
      '2 render src/view.ts:7',
    ])
  })

  it('gives total time to callers, each microsecond once', () => {
    expect(brief(callers(tree(text), 'query', { by: 'total' }))).toEqual(['24 load src/db.ts:3'])
    const recursive = 'f@a:1;f@a:1;f@a:1;g@b:1 4'
    expect(brief(callers(tree(recursive), 'f', { by: 'total' }))).toEqual(['4 GET / :0', '4 f a:1'])
  })

  it('counts a recursive function as its own caller', () => {
    expect(brief(callers(tree('f@a:1 1\nf@a:1;f@a:1 2\nf@a:1;f@a:1;f@a:1 3'), 'f'))).toEqual([
      '5 f a:1',
      '1 GET / :0',
    ])
  })

  it('knows exact names only, and no synthetic ones', () => {
    expect(callers(tree(text), 'pars')).toEqual([])
    expect(callers(tree(text), '[await]')).toEqual([])
    expect(callers(tree(text), 'GET /')).toEqual([])
  })

  it('gives 10 by default', () => {
    const many = tree(Array.from({ length: 30 }, (_, i) => `f${i};g@x:1 ${i + 1}`).join('\n'))
    expect(callers(many, 'g')).toHaveLength(10)
    expect(callers(many, 'g', { n: 30 })).toHaveLength(30)
  })
})

describe('callees', () => {
  it('gives the self time of all below a function', () => {
    expect(brief(callees(tree(text), 'handler'))).toEqual([
      '50 load src/db.ts:3',
      '20 query node_modules/pg/index.js:3',
      '8 render src/view.ts:7',
      '6 parse :0',
    ])
    expect(brief(callees(tree(text), 'load'))).toEqual([
      '20 query node_modules/pg/index.js:3',
      '4 parse :0',
    ])
  })

  it('filters by the path of what is called, and cuts off', () => {
    expect(brief(callees(tree(text), 'handler', { paths: ['/src/'] }))).toEqual([
      '50 load src/db.ts:3',
      '8 render src/view.ts:7',
    ])
    expect(callees(tree(text), 'handler', { n: 2 })).toHaveLength(2)
    expect(callees(tree(text), 'handler', { n: Infinity })).toHaveLength(4)
  })

  it('gives total time of what is called', () => {
    expect(brief(callees(tree(text), 'handler', { by: 'total', n: 2 }))).toEqual([
      '74 load src/db.ts:3',
      '24 query node_modules/pg/index.js:3',
    ])
  })

  it('counts what is below a recursive function once', () => {
    const recursive = 'f@a:1 1\nf@a:1;f@a:1;g@a:2 2\nf@a:1;g@a:2;f@a:1 4\nf@a:1;g@a:2;f@a:1;g@a:2 8'
    expect(brief(callees(tree(recursive), 'f'))).toEqual(['10 g a:2', '4 f a:1'])
  })

  it('gives nothing for a function that is not there', () => {
    expect(callees(tree(text), 'nobody')).toEqual([])
    expect(callees(tree(text), '[await]')).toEqual([])
  })
})

describe('hotPaths', () => {
  it('gives the stacks with most self time', () => {
    expect(hotPaths(tree(text))).toEqual([
      { time: 50, path: 'handler src/app.ts:10 → load src/db.ts:3' },
      { time: 20, path: 'handler src/app.ts:10 → load src/db.ts:3 → query pg/index.js:3' },
      { time: 8, path: 'handler src/app.ts:10 → render src/view.ts:7' },
      { time: 5, path: 'GET /' },
      { time: 4, path: 'handler src/app.ts:10 → load src/db.ts:3 → query pg/index.js:3 → parse' },
      { time: 2, path: 'handler src/app.ts:10 → render src/view.ts:7 → parse' },
      { time: 1, path: 'handler src/app.ts:10' },
    ])
  })

  it('gives the time of frames that are left out to the path that is left', () => {
    expect(hotPaths(tree(text), { paths: ['/src/db', '/src/view'] })).toEqual([
      { time: 74, path: 'load src/db.ts:3' },
      { time: 10, path: 'render src/view.ts:7' },
    ])
  })

  it('keeps the last frames, and merges what is equal then', () => {
    expect(hotPaths(tree(text), { depth: 1, n: 3 })).toEqual([
      { time: 50, path: 'load src/db.ts:3' },
      { time: 20, path: 'query pg/index.js:3' },
      { time: 8, path: 'render src/view.ts:7' },
    ])
    expect(hotPaths(tree(text), { depth: 1 })).toContainEqual({ time: 6, path: 'parse' })
    const deep = Array.from({ length: 12 }, (_, i) => `f${i}@a:1`).join(';')
    expect(hotPaths(tree(`${deep} 1`))[0]!.path.split(' → ')).toHaveLength(8)
  })

  it('gives total time, and leaves out paths that only lead on to another', () => {
    expect(hotPaths(tree(text), { by: 'total', n: 4 })).toEqual([
      { time: 85, path: 'handler src/app.ts:10' },
      { time: 74, path: 'handler src/app.ts:10 → load src/db.ts:3' },
      { time: 24, path: 'handler src/app.ts:10 → load src/db.ts:3 → query pg/index.js:3' },
      { time: 10, path: 'handler src/app.ts:10 → render src/view.ts:7' },
    ])
    expect(hotPaths(tree('a@x:1;b@x:2;c@x:3 5'), { by: 'total' })).toEqual([
      { time: 5, path: 'a x:1 → b x:2 → c x:3' },
    ])
    expect(hotPaths(tree('f@a:1 1\nf@a:1;f@a:1 2'), { by: 'total', depth: 1 })).toEqual([
      { time: 3, path: 'f a:1' },
    ])
  })

  it('leaves out a line that is not known', () => {
    expect(hotPaths(tree('f@a.ts:0 1'))).toEqual([{ time: 1, path: 'f a.ts' }])
  })

  it('gives 10 by default, and orders equal times by path', () => {
    const many = tree(Array.from({ length: 30 }, (_, i) => `f${i % 10}${i}@a:1 1`).join('\n'))
    const paths = hotPaths(many, { n: Infinity }).map(({ path }) => path)
    expect(paths).toEqual([...paths].sort())
    expect(hotPaths(many).map(({ path }) => path)).toEqual(paths.slice(0, 10))
  })
})

describe('every query', () => {
  it('counts each microsecond once', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const all = { n: Infinity, depth: Infinity }
        expect(sumOf(flat(data, all))).toBeCloseTo(data.meta.duration, 6)
        expect(sumOf(flat(data, { ...all, group: 'package' }))).toBeCloseTo(data.meta.duration, 6)
        expect(sumOf(hotPaths(data, all))).toBeCloseTo(data.meta.duration, 6)
      })
    )
  })

  it('gives callees the time that a function did not spend itself, and callers the rest', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.constantFrom('a', 'b', 'compose'), (data, name) => {
        const root = buildCallTree(data)
        const calls = [...walk(root)].filter((frame) => frame.function === name)
        const outermost = calls.filter((frame) => !isBelow(frame, name))
        const inCalls = outermost.reduce((sum, { time, totalSelfTime }) => {
          return sum + time - totalSelfTime
        }, 0)
        const inSelf = calls.reduce((sum, { totalSelfTime }) => sum + totalSelfTime, 0)
        expect(sumOf(callees(data, name, { n: Infinity }))).toBeCloseTo(inCalls, 6)
        expect(sumOf(callers(data, name, { n: Infinity }))).toBeCloseTo(inSelf, 6)
      })
    )
  })

  it('divides its times by state, and collecting belongs to the processor', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const { totals } = data.meta
        const sumIn = (state: State): number => sumOf(flat(data, { n: Infinity, state }))
        expect(sumIn('cpu')).toBeCloseTo(totals.cpu + totals.gc, 6)
        expect(sumIn('gc')).toBeCloseTo(totals.gc, 6)
        expect(sumIn('await')).toBeCloseTo(totals.await, 6)
        expect(sumIn('blocked')).toBeCloseTo(totals.blocked, 6)
      })
    )
  })

  it('gives the total times that the call tree has, recursion once', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const expected = new Map<string, number>()
        for (const frame of walk(buildCallTree(data))) {
          const isOutermost = !isBelow(frame, frame.function, frame.filePath, frame.lineNo)
          if (!frame.isSynthetic && isOutermost) {
            const key = `${frame.function} ${frame.filePath} ${frame.lineNo}`
            expected.set(key, (expected.get(key) ?? 0) + frame.time)
          }
        }
        for (const { function: name, file, line, time } of flat(data, {
          n: Infinity,
          by: 'total',
        })) {
          expect(time).toBeCloseTo(expected.get(`${name} ${file} ${line}`)!, 6)
          expected.delete(`${name} ${file} ${line}`)
        }
        expect([...expected.values()].filter((time) => time > 0)).toEqual([])
      })
    )
  })

  it('works on a tree 10,000 frames deep', () => {
    const path = Array.from({ length: 10_000 }, (_, i) => `f${i % 7}@a:1`).join(';')
    const root = tree(`${path} 7\n${path};[await] 5`)
    expect(flat(root)).toMatchObject([{ time: 12, function: 'f3' }])
    expect(callers(root, 'f3')).toMatchObject([{ time: 12, function: 'f2' }])
    expect(callees(root, 'f0')).toMatchObject([{ time: 12, function: 'f3' }])
    expect(hotPaths(root, { depth: 2 })).toEqual([{ time: 12, path: 'f2 a:1 → f3 a:1' }])
  })
})

function isBelow(frame: Frame, name: string, file?: string, line?: number): boolean {
  for (let above = frame.parent; above; above = above.parent) {
    const isSame = file === undefined || (above.filePath === file && above.lineNo === line)
    if (above.function === name && isSame) {
      return true
    }
  }
  return false
}
