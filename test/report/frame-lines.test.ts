import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameLines } from '../../src/report/frame-lines.ts'
import { walk } from '../../src/session/frame.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { buildSession } from '../helpers/build-session.ts'

const data = buildSession(`
handler#3;load#7;[await] 20
handler#3;load#8 5
handler#4;load#7;[await] 10
handler#4;render 2
other#3;load#9 50
`)
const [handler] = buildCallTree(data).children as [ReturnType<typeof buildCallTree>]
const load = handler.children.find((child) => child.function === 'load')!

describe('frameLines', () => {
  it('tells the lines of a call with what they called, most time first', () => {
    expect(frameLines(data, handler)).toEqual([
      { line: 3, time: 25 },
      { line: 4, time: 12 },
    ])
    expect(frameLines(data, load)).toEqual([
      { line: 7, time: 30 },
      { line: 8, time: 5 },
    ])
  })

  it('tells of a state the lines of the function that holds it', () => {
    const waiting = load.children.find((child) => child.function === '[await]')!
    expect(frameLines(data, waiting)).toEqual([{ line: 7, time: 30 }])
  })

  it('tells nothing of the request, and where no line is known', () => {
    expect(frameLines(data, handler.parent!)).toEqual([])
    const plain = buildSession('handler 5')
    plain.stacks.line.fill(0)
    expect(frameLines(plain, buildCallTree(plain).children[0]!)).toEqual([])
  })

  it('never tells more than the call took', () => {
    fc.assert(
      fc.property(arbitrarySession, (any) => {
        for (const frame of walk(buildCallTree(any))) {
          const told = frameLines(any, frame).reduce((sum, { time }) => sum + time, 0)
          expect(told).toBeLessThanOrEqual(frame.time + 1e-6)
        }
      })
    )
  })
})
