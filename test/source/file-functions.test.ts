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

it('knows what the fields and blocks of a class call', () => {
  const made = `function make() {
  return class Made {
    made = compute(() => inner())
    static { register() }
  }
}`
  const functions = readFunctions('/app/c.js', made)
  const calls = functions.map(({ name, calls }) => [name, calls.map((call) => call.name)])
  expect(Object.fromEntries(calls)).toEqual({
    make: [],
    'static Made': ['register'],
    'new Made': ['compute'],
    'compute callback': ['inner'],
  })
})

it.each([
  [5, ['burn']],
  [2, ['burn', 'step']],
  [11, []],
  [99, []],
])('finds what an engine put into its caller, by line %i', (line, names) => {
  expect(file.inlinedAt(work, line).map(({ name }) => name)).toEqual(names)
})

it.each([
  [5, 'burn'],
  [2, 'step'],
  [99, undefined],
])('finds the function that executes line %i', (line, name) => {
  expect(fileFunctions('/app/a.js', text).around(line, 3)?.name).toBe(name)
})
