import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldedRenderer } from '../../src/render/folded.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { deepSession, hostileSession } from '../helpers/hostile-session.ts'

const rendered = (data: SessionData): string => foldedRenderer().render(new Session(data))

/** As flamegraph.pl reads a line: everything before the last space is the stack. */
function parse(text: string): { stack: string[]; us: number }[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, stack, count] = /^(.*)\s+?(\d+(?:\.\d*)?)$/.exec(line)!
      return { stack: stack!.split(';'), us: Number(count) }
    })
}

it('has a line for each stack, with its microseconds', () => {
  const text = rendered(
    buildSession(
      'handler;load@src/db.ts:3#5;[await] 2\nhandler 1\nhandler;load@src/db.ts:3#5;[await] 3'
    )
  )
  expect(text).toBe(
    'GET /;handler src/app.ts:1 1000\nGET /;handler src/app.ts:1;load src/db.ts:3;[await] src/db.ts:5 5000\n'
  )
})

it('keeps frames apart and times whole, whatever functions are called', () => {
  fc.assert(
    fc.property(hostileSession, (data) => {
      const stacks = parse(rendered(data))
      expect(stacks.reduce((sum, { us }) => sum + us, 0)).toBe(
        Math.round(data.meta.duration * 1000)
      )
      for (const { stack } of stacks) {
        expect(stack[0]).toBe('GET /')
        expect(stack.length).toBeLessThanOrEqual(10)
        // eslint-disable-next-line no-control-regex
        expect(stack.join('')).not.toMatch(/[\x00-\x1f\u2028]/)
      }
      expect(new Set(stacks.map(({ stack }) => stack.join(';'))).size).toBe(stacks.length)
    })
  )
})

it('holds stacks of 5,000 frames', () => {
  expect(parse(rendered(deepSession)).map(({ stack, us }) => [stack.length, us])).toEqual([
    [5001, 2000],
    [5002, 5000],
  ])
})
