import { expect, it } from 'vitest'
import { fileFunctions } from '../../src/source/file-functions.ts'
import { readFunctions } from '../../src/source/functions.ts'

const text = `function step(x) {
  return Math.sqrt(x)
}
function burn(n) {
  return step(n)
}
function work() {
  return burn(1)
}
function other() {
  return 1
}
`
const functions = readFunctions('/app/a.js', text)
const file = fileFunctions('/app/a.js', text)
const work = functions.find(({ name }) => name === 'work')!

it('knows what each function calls, and where', () => {
  const nested = `function f(o) {
  const g = () => inner()
  o.list()
  return new Thing(o?.size, o[name]())
}`
  const [f] = readFunctions('/app/b.js', nested)
  expect(f!.calls).toEqual([
    { name: 'list', line: 3 },
    { name: 'Thing', line: 4 },
    { name: 'size', line: 4 },
  ])
})

it.each([
  [5, ['burn']],
  [2, ['burn', 'step']],
  [11, []],
  [99, []],
])('finds what an engine put into its caller, by line %i', (line, names) => {
  expect(file.inlinedAt(work, line).map(({ name }) => name)).toEqual(names)
})
