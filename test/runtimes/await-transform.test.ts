import { describe, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AWAIT, CALL, ITERATE, KEY } from '../../runtimes/bun/await-sites.ts'
import { transformAwaits } from '../../runtimes/bun/await-transform.ts'
import { columnOf, noteTransformed } from '../../runtimes/bun/transformed-files.ts'

/** The transformed source of a module, with short names for the functions put in. */
function transformed(source: string, path = '/app/orders.ts'): string | undefined {
  const text = transformAwaits(path, `export {}\n${source}`).text
  const short: [string, string][] = [
    [AWAIT, 'A'],
    [CALL, 'C'],
    [ITERATE, 'I'],
    [KEY, 'K'],
  ]
  const body = text?.slice('export {}\n'.length)
  return body && short.reduce((result, [name, letter]) => result.replaceAll(name, letter), body)
}

describe('what is awaited is put into a call', () => {
  it.each([
    ['await load()', 'await  A(load())'],
    ['await(a, b)', 'await A((a, b))'],
    ['await`t`', 'await A(`t`)'],
    ['await await a', 'await  A(await  A(a))'],
    ['(await a)!.b as string', '(await  A(a))!.b as string'],
    ['await new Order(await a, b).c', 'await  A(new Order(await  A(a), b).c)'],
    ['await /* why */ a // because', 'await /* why */  A(a) // because'],
    ['const t = `${await a} await b`', 'const t = `${await  A(a)} await b`'],
    ['for await (const row of await rows) {}', 'for await (const row of  I(await  A(rows))) {}'],
    [
      'class A { static x = async () => !(await a) }',
      'class A { static x = async () => !(await  A(a)) }',
    ],
    ['await\n  load()', 'await\n   A(load())'],
  ])('%s', (source, expected) => {
    expect(transformed(source)).toBe(expected)
  })

  it('in markup', () => {
    const source = 'const page = <p title={await a}>await text {await b}</p>'
    expect(transformed(source, '/app/page.tsx')).toBe(
      'const page = <p title={await  A(a)}>await text {await  A(b)}</p>'
    )
  })
})

describe('the last call of a function that is not async stays on the stack', () => {
  it.each([
    ['function f() { return g() }', 'function f() { return  C(g()) }'],
    ['const f = () => g()', 'const f = () =>  C(g())'],
    ['const f = () => (a ? g() : b)', 'const f = () =>  C((a ? g() : b))'],
    ['const f = () => a ?? g`x`', 'const f = () =>  C(a ?? g`x`)'],
    [
      'const o = { get a() { return this.b() as string } }',
      'const o = { get a() { return  C(this.b() as string) } }',
    ],
  ])('%s', (source, expected) => {
    expect(transformed(source)).toBe(expected)
  })
})

describe('computed keys of functions tell the name', () => {
  it.each([
    ['const o = { [a + b]() {} }', 'const o = { [ K("/app/orders.ts:2:13", a + b)]() {} }'],
    ['const o = { [a]: () => 1 }', 'const o = { [ K("/app/orders.ts:2:18", a)]: () => 1 }'],
    ['class A { async [a]() {} }', 'class A { async [ K("/app/orders.ts:2:11", a)]() {} }'],
    [
      'class A { [a] = function () {} }',
      'class A { [ K("/app/orders.ts:2:17", a)] = function () {} }',
    ],
  ])('%s', (source, expected) => {
    expect(transformed(source)).toBe(expected)
  })
})

it.each([
  ['async functions return without a last call', 'async function f() { return g() }'],
  ['generators too', 'function* f() { return g() }'],
  ['a computed key of a value names nothing', 'const o = { [a + b]: 1, [a]: b }'],
  ['a value is no call', 'const f = () => ({ a: g() })'],
  ['constructing is no call', 'function f() { return new G() }'],
  ['names and strings are not keywords', 'const o = { await: 1 }; o.await; "await x"; /await x/'],
])('%s', (_, source) => {
  expect(transformed(source)).toBeUndefined()
})

it('leaves scripts alone that are no ECMAScript modules', () => {
  const { text } = transformAwaits('/app/old.js', 'module.exports = async () => await a')
  expect(text).toBeUndefined()
})

it('tells what a module imports while it runs', () => {
  const { imports, typedImports } = transformAwaits(
    '/app/index.ts',
    `import a from './a'
    import type { B } from './b'
    import text from './c.txt' with { type: 'text' }
    export * from './d'
    export { e } from './e'
    export type { F } from './f'
    const g = () => import('./g')
    const h = () => import(name)
    const i = () => import('./i.json', { with: { type: 'json' } })`
  )
  expect(imports).toEqual(['./a', './d', './e', './g'])
  expect(typedImports).toEqual(['./c.txt'])
})

it('refuses what cannot be parsed', () => {
  expect(() => transformAwaits('/app/broken.ts', 'await (')).toThrow(SyntaxError)
})

it('leads columns back to the source', () => {
  const path = '/app/columns.ts'
  const source = 'export const a = await b(await c, d)'
  const { text = '', insertions } = transformAwaits(path, source)
  noteTransformed(path, insertions)
  for (const name of ['a =', 'b(', 'c)', ', d', 'd)']) {
    const column = text.indexOf(name) + 1
    const expected = source.indexOf(name === 'c)' ? 'c,' : name) + 1
    expect(columnOf(path, 1, column), name).toBe(expected)
  }
})

const bun = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url))
const program = fileURLToPath(new URL('../fixtures/preload/main.tsx', import.meta.url))
const preload = fileURLToPath(new URL('../../runtimes/bun/preload.ts', import.meta.url))

/** Runs a program, by default one of modules, scripts, markup and text, and gives what it prints of itself. */
async function bunRun(option?: string, main = program): Promise<string> {
  return (await promisify(execFile)(bun, [...(option ? [option] : []), main])).stdout
}

it('a program does the same with the preload as without', async () => {
  const without = await bunRun()
  expect(without).toContain('"line 1"')
  expect(await bunRun(`--preload=${preload}`)).toBe(without)
})

it('reaches modules that are imported without an extension', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-imports-'))
  const files = {
    'main.ts': "import { load } from './shop'\nconsole.log(load.toString())\n",
    'shop.ts': "export * from './orders'\n",
    'orders.ts': 'export async function load() {\n  await 1\n}\n',
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text)
  }
  const printed = await bunRun(`--preload=${preload}`, join(folder, 'main.ts'))
  await rm(folder, { recursive: true })
  expect(printed).toContain(AWAIT)
})
