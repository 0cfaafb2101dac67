import { describe, expect, it } from 'vitest'
import { functionDefinedAt, readFunctions } from '../../src/source/functions.ts'

const names = (text: string): string[] => readFunctions('/app/a.tsx', text).map(({ name }) => name)

describe('the name of a function', () => {
  it.each([
    ['class A { m() {} }', 'A.m'],
    ['class A { static m() {} }', 'A.m'],
    ['class A { constructor(readonly a: number) {} }', 'new A'],
    ['class A { get x() { return 1 } }', 'get A.x'],
    ['class A { set x(value) {} }', 'set A.x'],
    ['class A { #x() {} }', 'A.#x'],
    ['class A { static get #x() { return 1 } }', 'get A.#x'],
    ['class A { f = () => {} }', 'A.f'],
    ['class A { #f = async () => {} }', 'A.#f'],
    ['class A { static { } }', 'static A'],
    ['class A { static a = 1; static { } }', 'static A'],
    ['class A { a = make(); b = new B() }', 'new A'],
    ['export default class { static { } }', 'static default'],
    ['class A { "a key"() {} }', 'A.a key'],
    ['class A { [key()]() {} }', ''],
    ['const A = class { m() {} }', 'A.m'],
    ['const A = class _A { m() {} }', 'A.m'],
    ['const A = class B { m() {} }', 'B.m'],
    ['const o = { list() {} }', 'list'],
    ['const o = { get size() { return 1 } }', 'get size'],
    ['const o = { list: function () {} }', 'list'],
    ['const f = async () => {}', 'f'],
    ['const f = (async () => {}) as () => unknown', 'f'],
    ['let f; f ??= () => {}', 'f'],
    ['a.b.c = () => {}', 'a.b.c'],
    ['A.prototype.m = function () {}', 'A.m'],
    ['module.exports.list = () => {}', 'list'],
    ['export default () => {}', 'default'],
    ['const { f = () => {} } = {}', 'f'],
    ['app.get("/orders/:id", (c) => c.text(""))', 'GET /orders/:id handler'],
    ['app.get("/", auth, async function (c) {})', 'GET / handler'],
    ['app.get("/", function named(c) {})', 'named'],
    ['app.get("/orders", instrument(async (c) => c.text("")))', 'GET /orders handler'],
    ['app.get("/orders", withUser(withCache(async (c) => {})))', 'GET /orders handler'],
    ['app.get("/orders", withUser(auth), async (c, next) => {})', 'GET /orders middleware'],
    ['app.use("/orders", makeGuard(async (c, next) => {}))', 'ALL /orders middleware'],
    ['app.on("GET", [, "/orders"], (c) => {})', 'GET /orders handler'],
    ['app.use(async (c, next) => { await next() })', 'ALL * middleware'],
    ['app.use("/api/*", (c, next) => next())', 'ALL /api/* middleware'],
    ['app.on("purge", "/cache", (c) => c.text(""))', 'PURGE /cache handler'],
    ['app.on(["PUT", "POST"], "/a", (c) => c.text(""))', 'PUT, POST /a handler'],
    ['const auth = createMiddleware(async (c, next) => {})', 'auth'],
    ['app.use(createMiddleware(async (c, next) => {}))', 'ALL * middleware'],
    ['app.use("/a", createMiddleware(async (c, next) => {}))', 'ALL /a middleware'],
    ['app.get("/a", createMiddleware(async (c, next) => {}), show)', 'GET /a middleware'],
    ['app.get("/a", instrument(async (c) => c.text("")))', 'GET /a handler'],
    ['app.get("/a", withCache(wrap((c) => c.text(""))))', 'GET /a handler'],
    ['container.use("/a", class { m() {} })', 'm'],
    ['const Box = withEvents(class { m() {} })', 'Box.m'],
    ['map.get("key", () => 1)', 'get callback'],
    ['list?.map((x) => x)', 'map callback'],
    ['new Promise((resolve) => resolve())', 'new Promise callback'],
    ['setTimeout(() => {}, 5)', 'setTimeout callback'],
    ['table[0]((x) => x)', ''],
    ['(() => 1)()', ''],
  ])('%s: %s', (text, name) => {
    expect(names(text)).toEqual([name])
  })

  it('is that of the factory for a middleware without one', () => {
    expect(names('const auth = (role) => async (c, next) => {}')).toEqual([
      'auth',
      'auth middleware',
    ])
    expect(names('function log(o) { return (c, next) => next() }')).toEqual([
      'log',
      'log middleware',
    ])
    expect(names('const show = (view) => (c) => c.html(view)')).toEqual(['show', 'show handler'])
    expect(names('const limit = (n) => (task) => task()')).toEqual(['limit', 'function from limit'])
  })

  it('is found by any position that engines give', () => {
    const text = 'class A {\n  static async load(id: string) {\n    return id\n  }\n}\n'
    const functions = readFunctions('/app/a.ts', text)
    for (const column of ['static', 'async', 'load', '(id'].map(
      (piece) => text.split('\n')[1]!.indexOf(piece) + 1
    )) {
      expect(functionDefinedAt(functions, 2, column)).toMatchObject({ name: 'A.load', line: 2 })
    }
  })

  it('is not known of what cannot be parsed', () => {
    expect(names('class {')).toEqual([])
  })
})
