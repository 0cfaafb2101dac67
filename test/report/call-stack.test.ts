import { describe, expect, it } from 'vitest'
import { processTree } from '../../src/processors.ts'
import { treeCommand } from '../../src/report/call-stack/keyboard.ts'
import { reveal, setOpen, toggleFold } from '../../src/report/call-stack/openings.ts'
import type { Openings, Row } from '../../src/report/call-stack/rows.ts'
import { buildRows, createPlaceIds, initialOpenings } from '../../src/report/call-stack/rows.ts'
import { findLargest, findSamePlace } from '../../src/report/places.ts'
import type { Frame } from '../../src/session/frame.ts'
import { walk } from '../../src/session/frame.ts'
import { functionKey } from '../../src/session/identity.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { buildSession } from '../helpers/build-session.ts'

const TEXT = `
handler;lib:pg/query;lib:pg/send;[await] 40
handler;lib:pg/query;lib:pg/send;onRow 10
handler;lib:pg/query 2
handler;render;escape 30
handler;render 8
`

interface Tree {
  root: Frame
  ids: Map<Frame, number>
  rows: (openings?: Openings) => Row[]
}

function treeOf(text: string, placeIds = createPlaceIds(), filterThreshold = 0): Tree {
  const root = processTree(buildCallTree(buildSession(text)), { filterThreshold })
  const ids = placeIds(root)
  return { root, ids, rows: (openings = initialOpenings) => buildRows(root, ids, openings) }
}

const named = (rows: readonly Row[], name: string): Row =>
  rows.find(({ frame }) => frame.function === name)!

/** Each row as its name, indented by its depth; `+` is closed, `-` open, `(n)` holds n folded frames. */
function outline(rows: readonly Row[]): string[] {
  return rows.map(({ frame, depth, open, folded }) => {
    const mark = open === undefined ? ' ' : open ? '-' : '+'
    return `${'  '.repeat(depth)}${mark}${frame.function}${folded > 0 ? ` (${folded})` : ''}`
  })
}

describe('buildRows', () => {
  it('folds a group into its first frame and shows what it calls below', () => {
    expect(outline(treeOf(TEXT).rows())).toEqual([
      '-GET /',
      '  -handler',
      '    -query (1)',
      '       onRow',
      '    -render',
      '       escape',
      '       [self]',
    ])
  })

  it('shows all frames of a group that is unfolded', () => {
    const tree = treeOf(TEXT)
    const unfolded = toggleFold(initialOpenings, named(tree.rows(), 'query'))
    expect(outline(tree.rows(unfolded)).slice(2, 7)).toEqual([
      '    -query',
      '      -send',
      '         [await]',
      '         onRow',
      '       [self]',
    ])
    expect(toggleFold(unfolded, named(tree.rows(), 'query'))).toEqual(initialOpenings)
  })

  it('closes at first what is below 2 % of the request', () => {
    const { rows } = treeOf('big 990\nsmall;inner 10')
    expect(outline(rows())).toEqual(['-GET /', '   big', '  +small'])
    expect(outline(rows({ ...initialOpenings, fallback: 'all' }))).toContain('     inner')
    expect(outline(rows({ ...initialOpenings, fallback: 'none' }))).toEqual(['+GET /'])
  })

  it('tells each row its place among its siblings', () => {
    const row = named(treeOf(TEXT).rows(), 'render')
    expect(row).toMatchObject({ depth: 2, parent: 1, position: 2, siblings: 2 })
  })

  it('opens stacks that are thousands of frames deep', () => {
    const path = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')
    expect(treeOf(`${path} 5`).rows()).toHaveLength(5001)
  })
})

describe('openings', () => {
  it('opens and closes one row, or all below it', () => {
    const tree = treeOf(TEXT)
    const handler = named(tree.rows(), 'handler')
    const closed = setOpen(initialOpenings, handler, false, true, tree.ids)
    expect(outline(tree.rows(closed))).toEqual(['-GET /', '  +handler'])
    const opened = setOpen(closed, handler, true, false, tree.ids)
    expect(outline(tree.rows(opened))).toEqual([
      '-GET /',
      '  -handler',
      '    +query (1)',
      '    +render',
    ])
  })

  it('reveals a frame that is folded away below closed callers', () => {
    const tree = treeOf(TEXT)
    const hidden = [...walk(tree.root)].find(({ function: name }) => name === 'send')!
    const openings = reveal({ ...initialOpenings, fallback: 'none' }, hidden, tree.ids)
    expect(tree.rows(openings).some(({ frame }) => frame === hidden)).toBe(true)
  })

  it('lasts when the tree is built anew with other options', () => {
    const placeIds = createPlaceIds()
    const before = treeOf(TEXT, placeIds)
    const closed = setOpen(
      initialOpenings,
      named(before.rows(), 'render'),
      false,
      false,
      before.ids
    )
    const after = treeOf(TEXT, placeIds, 0.2)
    expect(outline(after.rows(closed))).toContain('    +render')
  })
})

describe('treeCommand', () => {
  const { rows } = treeOf(TEXT)
  const press = (key: string, name: string, altKey = false) => {
    const list = rows()
    const index = list.indexOf(named(list, name))
    const command = treeCommand({ key, altKey }, list, index)
    return command?.kind === 'select' ? list[command.index]!.frame.function : command
  }

  it.each([
    ['ArrowDown', 'handler', 'query'],
    ['ArrowUp', 'handler', 'GET /'],
    ['ArrowUp', 'GET /', 'GET /'],
    ['ArrowDown', '[self]', '[self]'],
    ['Home', 'render', 'GET /'],
    ['End', 'GET /', '[self]'],
    ['ArrowRight', 'render', 'escape'],
    ['ArrowLeft', 'escape', 'render'],
  ])('%s moves from %s to %s', (key, from, to) => {
    expect(press(key, from)).toBe(to)
  })

  it('closes with Left, opens and closes everything with Alt, and folds with Enter', () => {
    expect(press('ArrowLeft', 'render')).toEqual({ kind: 'open', open: false, recursive: false })
    expect(press('ArrowRight', 'render', true)).toEqual({
      kind: 'open',
      open: true,
      recursive: true,
    })
    expect(press('Enter', 'render')).toEqual({ kind: 'open', open: false, recursive: false })
    expect(press('Enter', 'query')).toEqual({ kind: 'fold' })
    expect(press('Enter', 'escape')).toBeUndefined()
    expect(press('a', 'render')).toBeUndefined()
  })
})

describe('places', () => {
  it('finds a frame of the timeline in the call stack, past frames that were left out', () => {
    const data = buildSession(TEXT)
    const timeline = buildCallTree(data, { timeline: true })
    const target = [...walk(timeline)].find(({ function: name }) => name === 'onRow')!
    expect(findSamePlace(treeOf(TEXT).root, target).function).toBe('onRow')
    expect(findSamePlace(treeOf(TEXT, createPlaceIds(), 0.2).root, target).function).toBe('send')
  })

  it('finds the frame of a function with the most time', () => {
    const data = buildSession('a;b@x.ts:1 1\nc;b@x.ts:1 5')
    const b = data.functions.find(({ name }) => name === 'b')!
    const root = buildCallTree(data)
    expect(findLargest(root, functionKey(b))?.parent?.function).toBe('c')
    expect(findLargest(root, functionKey({ ...b, name: 'unknown' }))).toBeUndefined()
  })
})
