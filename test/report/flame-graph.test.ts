import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameAfter } from '../../src/report/flame-graph/keyboard.ts'
import { depthOf, layOutFlames, sortHeaviestFirst } from '../../src/report/flame-graph/layout.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const TEXT = `
handler;render 10
handler;load;[await] 60
handler;render;escape 20
handler 10
`

const boxesText = (boxes: ReturnType<typeof layOutFlames>): string[] =>
  boxes.map(({ frame, depth, left, right }) => `${depth} ${frame.function} ${left}-${right}`)

describe('layOutFlames', () => {
  const root = sortHeaviestFirst(buildCallTree(buildSession(TEXT)))

  it('puts merged calls in order of their time', () => {
    expect(boxesText(layOutFlames(root, 100))).toEqual([
      '0 GET / 0-100',
      '1 handler 0-100',
      '2 load 0-60',
      '2 render 60-90',
      '3 [await] 0-60',
      '3 escape 60-80',
    ])
  })

  it('gives a zoomed frame and its callers the whole width', () => {
    const render = root.children[0]!.children[1]!
    expect(boxesText(layOutFlames(render, 300))).toEqual([
      '0 GET / 0-300',
      '1 handler 0-300',
      '2 render 0-300',
      '3 escape 0-200',
    ])
  })

  it('leaves out what is narrower than half a pixel', () => {
    expect(boxesText(layOutFlames(root, 2))).not.toContain('3 escape')
    expect(layOutFlames(root, 1).map(({ frame }) => frame.function)).toEqual([
      'GET /',
      'handler',
      'load',
      '[await]',
    ])
  })

  it('keeps calls inside their callers, side by side', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        const tree = sortHeaviestFirst(buildCallTree(data))
        const boxes = layOutFlames(tree, 1000)
        const of = new Map(boxes.map((box) => [box.frame, box]))
        for (const { frame, depth, left, right } of boxes) {
          expect(depth).toBeLessThanOrEqual(depthOf(tree))
          const caller = frame.parent && of.get(frame.parent)!
          expect(left).toBeGreaterThanOrEqual(caller?.left ?? 0)
          expect(right).toBeLessThanOrEqual((caller?.right ?? 1000) + 1e-6)
        }
      })
    )
  })
})

describe('frameAfter', () => {
  const root = sortHeaviestFirst(buildCallTree(buildSession(TEXT)))

  it('moves to callers, calls and siblings', () => {
    const handler = frameAfter('ArrowDown', root)!
    const load = frameAfter('ArrowDown', handler)!
    const render = frameAfter('ArrowRight', load)!
    expect([handler, load, render].map((frame) => frame.function)).toEqual([
      'handler',
      'load',
      'render',
    ])
    expect(frameAfter('ArrowLeft', render)).toBe(load)
    expect(frameAfter('ArrowUp', render)).toBe(handler)
    expect(frameAfter('ArrowUp', root)).toBeUndefined()
    expect(frameAfter('ArrowRight', render)).toBeUndefined()
  })
})
