import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkSession } from '../../src/session/check.ts'
import { combineSessions } from '../../src/session/combine.ts'
import type { SessionData } from '../../src/session/records.ts'
import { splitSession } from '../../src/session/split.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { treeText } from '../helpers/tree-text.ts'

const withTime = arbitrarySession.filter(({ meta }) => meta.duration > 0)

it('takes apart what was merged', () => {
  fc.assert(
    fc.property(fc.array(withTime, { minLength: 1, maxLength: 4 }), (datas) => {
      const inOrder = [...datas].sort((a, b) => a.meta.startTime - b.meta.startTime)
      const runs = splitSession(combineSessions(datas))
      expect(runs).toHaveLength(datas.length)
      runs.forEach((run, i) => {
        const original = inOrder[i]!
        checkSession(run)
        expect(run.meta.runs).toBe(1)
        expect(run.meta.totals).toEqual(original.meta.totals)
        expect(run.waits.length).toBe(original.waits.length)
        expect(run.waits.map(({ name, endUs }) => ({ name, endUs }))).toEqual(
          original.waits.map(({ name, endUs }) => ({ name, endUs }))
        )
        expect(run.spans).toEqual(original.spans)
        expect(run.blockers.durationUs).toEqual(original.blockers.durationUs)
        expect(treeOf(run)).toEqual(treeOf({ ...original, meta: run.meta }))
      })
    })
  )
})

it('gives a single session as it is', () => {
  fc.assert(
    fc.property(arbitrarySession, (data) => {
      expect(splitSession(data)).toEqual([data])
    })
  )
})

const treeOf = (data: SessionData): string[] => treeText(buildCallTree(data)).split('\n').sort()
