import { expect, it } from 'vitest'
import { excerpts } from '../../src/source/excerpts.ts'
import { buildSession } from '../helpers/build-session.ts'

const data = buildSession(`
  handler@src/a.ts:2#20;lib:pg/query 5
  handler@src/a.ts:2#40;[await] 50
  lib:hono/dispatch 3
`)
const [file] = data.functions.map((fn) => fn.file).filter((path) => path.endsWith('a.ts'))
const text = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join('\n')

it('are the lines around those that took time, of the application alone', () => {
  const asked: string[] = []
  const found = excerpts(data, (path) => {
    asked.push(path)
    return text
  })
  expect(asked).toEqual([file])
  expect(found.map(({ startLine, lines }) => [startLine, lines.length])).toEqual([
    [15, 11],
    [35, 11],
  ])
  expect(found[0]!.lines[5]).toBe('line 20')
})

it('end with the file, and are none without its text', () => {
  expect(excerpts(data, () => 'x\n'.repeat(21))[0]!.lines).toHaveLength(8)
  expect(excerpts(data, () => undefined)).toEqual([])
})

it('are bounded in the length of lines and of all', () => {
  const long = Array.from({ length: 60 }, () => 'x'.repeat(10_000)).join('\n')
  const lines = excerpts(data, () => long).flatMap((part) => part.lines)
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([300]))
  const entries = Array.from({ length: 150 }, (_, i) => `f@src/a.ts:2#${i * 20 + 10} 1`)
  const huge = Array.from({ length: 4000 }, () => 'x'.repeat(300)).join('\n')
  const all = excerpts(buildSession(entries.join('\n')), () => huge).flatMap((part) => part.lines)
  expect(all.join('').length).toBeLessThanOrEqual(200_000)
  expect(all.join('').length).toBeGreaterThan(199_000)
})
