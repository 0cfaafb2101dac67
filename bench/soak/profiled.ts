/** Requests of the soak that ask for their profile, and what has to come. */
import assert from 'node:assert/strict'
import type { Answered } from './exchange.ts'
import type { Planned } from './mix.ts'

type CheckReport = (text: string, planned: Planned) => void

const REPORTS: readonly [word: string, check: CheckReport][] = [
  ['1', isPage],
  ['json', isJson],
  ['text', saysWhat],
  ['markdown', saysWhat],
]

/** How many ways there are to ask. */
const WAYS = REPORTS.length + 1

/** The same request, asking for its profile: in one form after another, one of them the application's own answer. */
export function profiled(planned: Planned, count: number): Planned {
  const report = REPORTS[count % WAYS]
  const { asked } = planned
  const query = report ? `profile=${report[0]}` : 'profile=1&term=1'
  return {
    ...planned,
    asked: { ...asked, path: `${asked.path}?${query}` },
    check: (answer) => {
      assert.equal(answer.headers['x-profile-error'], undefined)
      if (report) {
        checkReport(answer, planned, report[1])
      } else {
        planned.check(answer)
      }
    },
  }
}

function checkReport(answer: Answered, planned: Planned, check: CheckReport): void {
  const { asked, cookie } = planned
  assert.equal(answer.status, 200)
  assert.ok(answer.headers['x-profile-id'], 'the session has no name')
  assert.equal(String(answer.headers['set-cookie'] ?? '').split(';')[0], cookie ?? '')
  if (asked.method !== 'HEAD' && !asked.leaves) {
    check(answer.body.toString(), planned)
  }
}

function isPage(text: string, { asked }: Planned): void {
  assert.match(text, /^<!doctype html>/)
  assert.match(text, /<\/html>\s*$/)
  assert.ok(text.includes(asked.path), 'the page is of another request')
}

function isJson(text: string, { asked }: Planned): void {
  const { meta, rootFrame } = JSON.parse(text) as {
    meta: { request: object; duration: number; totals: Record<string, number> }
    rootFrame: { time: number }
  }
  const { method, path } = meta.request as { method: string; path: string }
  assert.deepEqual({ method, path }, { method: asked.method, path: asked.path })
  const sum = Object.values(meta.totals).reduce((total, ms) => total + ms, 0)
  assert.ok(Math.abs(sum - meta.duration) < 0.001, `${sum} of ${meta.duration} ms`)
  assert.ok(Math.abs(rootFrame.time - meta.duration) < 0.001, `${rootFrame.time} ms at the root`)
}

function saysWhat(text: string, { asked }: Planned): void {
  assert.ok(text.includes(`${asked.method} ${asked.path}`), 'the report is of another request')
}
