import { describe, expect, it } from 'vitest'
import type { JsonOptions } from '../../src/render/json.ts'
import { jsonRenderer } from '../../src/render/json.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { ordersSession } from './orders.ts'

interface PlainFrame {
  function: string
  time: number
  children: PlainFrame[]
  [field: string]: unknown
}

const rootOf = (session: Session, options?: JsonOptions): PlainFrame =>
  (JSON.parse(jsonRenderer(options).render(session)) as { rootFrame: PlainFrame }).rootFrame

const rootOfSamples = (samples: string, options?: JsonOptions) =>
  rootOf(new Session(buildSession(samples)), options)

describe('jsonRenderer', () => {
  it('gives the meta and the tree', () => {
    const session = new Session(
      buildSession('load@src/db.ts:10#14;[await] 20.5\nload@src/db.ts:10 1')
    )
    expect(JSON.parse(jsonRenderer().render(session))).toEqual({
      meta: session.toJSON().meta,
      rootFrame: {
        ...{ function: 'GET /', filePath: '', filePathShort: '', lineNo: 0, columnNo: 0 },
        ...{ time: 21.5, totalSelfTime: 0, absorbedTime: 0 },
        ...{ cpuTime: 1, awaitTime: 20.5, blockedTime: 0 },
        ...{ isApplicationCode: false, isSynthetic: false },
        children: [
          {
            ...{ function: 'load', filePath: '/project/src/db.ts', filePathShort: 'src/db.ts' },
            ...{ lineNo: 10, columnNo: 1, time: 21.5, totalSelfTime: 21.5, absorbedTime: 0 },
            ...{ cpuTime: 1, awaitTime: 20.5, blockedTime: 0 },
            ...{ isApplicationCode: true, isSynthetic: false },
            children: [
              expect.objectContaining({ function: '[await]', time: 20.5, isSynthetic: true }),
              expect.objectContaining({ function: '[self]', time: 1, children: [] }),
            ],
          },
        ],
      },
    })
  })

  it('does not show the noise of sums', () => {
    const root = rootOfSamples('a 0.1\nb 0.2\na;b 0.3')
    expect(root.time).toBe(0.6)
    expect(root.totalSelfTime).toBe(0)
  })

  it('is processed only when asked', () => {
    const session = new Session(ordersSession())
    expect(jsonRenderer().render(session)).not.toContain('groupId')
    const [dispatch] = rootOf(session, { processed: true }).children
    expect(dispatch).toMatchObject({ function: 'dispatch', groupId: 1 })
    expect(jsonRenderer({ processed: true, showAll: true }).render(session)).not.toContain(
      'groupId'
    )
  })

  it('keeps calls apart with timeline', () => {
    const names = (timeline: boolean) =>
      rootOfSamples('a 1\nb 1\na 1', { timeline }).children.map((child) => child.function)
    expect([names(false), names(true)]).toEqual([
      ['a', 'b'],
      ['a', 'b', 'a'],
    ])
  })

  it('writes stacks of any depth', () => {
    const deep = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')
    let depth = 0
    let frame: PlainFrame | undefined = rootOfSamples(`${deep} 10`)
    while (frame) {
      frame = frame.children[0]
      depth++
    }
    expect(depth).toBe(5002)
  })

  it('keeps text from outside as it is', () => {
    const data = buildSession('h 10')
    const name = (data.functions[0]!.name = 'a"b\\c\u001b\u2028</script>')
    expect(rootOf(new Session(data)).children[0]?.function).toBe(name)
  })
})
