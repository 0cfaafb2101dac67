import { describe, expect, it, vi } from 'vitest'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileFunctions } from '../../src/source/file-functions.ts'
import { functionDefinedAt, readFunctions } from '../../src/source/functions.ts'
import { outerStatement } from '../../src/source/statements.ts'
import { isScript } from '../../src/source/syntax.ts'

vi.mock('../../src/source/functions.ts', { spy: true })

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Asks for each function of a file, for which statements are parsed, and for the same with all of it parsed. */
function expectSame(path: string, text: string): void {
  const functions = readFunctions(path, text)
  for (const { line, column, headLine, headColumn } of functions) {
    const file = fileFunctions(path, text)
    expect(file.definedAt(line, column)).toEqual(functionDefinedAt(functions, line, column))
    expect(file.definedAt(headLine, headColumn)).toEqual(
      functionDefinedAt(functions, headLine, headColumn)
    )
  }
}

describe('a function that is found by its statement is what it is in the whole file', () => {
  it.each(['src/normalize', 'src/source', 'src/report', 'test/fixtures/sources', 'examples/demo'])(
    'in %s',
    async (folder) => {
      const names = (await readdir(join(root, folder))).filter(isScript)
      expect(names).not.toEqual([])
      for (const name of names) {
        expectSame(`/app/${name}`, await readFile(join(root, folder, name), 'utf8'))
      }
    }
  )

  it.each([
    ['without an indent', 'class A {\nasync load() {\nreturn () => 1\n}\n}\nconst b = () => 2\n'],
    ['a factory', 'function make() {\nreturn (c) => {\nreturn 1\n}\n}\nfunction other() {}\n'],
    ['on the next line', 'const a =\nasync () => 1\nexport const b = wrap(\nfunction () {}\n)\n'],
    [
      'code in a text',
      'const f = () => {\n  const t = `\nfunction g() {}\n`\n  return () => t\n}\n',
    ],
    [
      'code between texts',
      'function f() {\n  const a = `\nfunction g() {}\n`; const h = () => 1; const b = `\nfunction i() {}\n`\n}\n',
    ],
    ['code in a comment', '/*\nfunction a() {}\n*/\nfunction b() {\n/*\nfunction c() {} */\n}\n'],
    ['decorators', '@A()\nexport class B {\n  @C(() => 1)\n  d() {}\n}\n@E\nclass F { g() {} }\n'],
    ['one line', 'function a(){return()=>1}class B{c(){}}const d=e=>e\n'],
    ['else', 'if (a) {\n  b(() => 1)\n}\nelse {\n  b(() => 2)\n}\n'],
    ['fields without an indent', 'class Orders{a=1;\nlist=async c=>{burn()};\nb=2}\n'],
    [
      'methods with a brace of their own',
      'class A {\na = 1\nload()\n{\n  return (c) => 1\n}\nb = 2\n}\n',
    ],
    ['fields called like keywords', 'class A {\na = 1;\nlet = () => 1\nb = 2\n}\n'],
    [
      'members of an object',
      'const a = {\nb: 1, /* c\n*/ /* d */\nlist: async (c) => 1, /*\n*/ /* e */\nf: 2\n}\n',
    ],
    ['a field after a comment', 'class A {\n  a = 1 // b\nlist = () => 2 /* c */\nd = 3\n}\n'],
    ['this', 'class A {\nconstructor() {\na()\nrun(() => { this.b = () => 1 })\nc()\n}\n}\n'],
    ['a comment at the end', 'export const load = /* why */\nasync (c) => { burn() }\nf()\n'],
    ['a line of comment', 'const load = // why\n// not\nwrap(async (c) => { burn() })\nf()\n'],
    ['lines of comment', 'const load = /* why\nnot */\n\nwrap(async (c) => 1)\nf()\n'],
    [
      'a slash in a text',
      'const a = "// b =";\nfunction c() {}\nconst d = "/*";\nconst e = () => 1\n',
    ],
    [
      'a word that goes on',
      'export default\ncreate(async (c) => 1)\nconst a = await\nmake(() => 2)\n',
    ],
    ['exports', 'exports.a = () => 1\nA.prototype.b = function () {}\nc.d.e = async () => 2\n'],
    ['Windows', 'const a = () => 1\r\n\r\nfunction b() {\r\n  return () => 2\r\n}\r\n'],
  ])('%s', (_what, text) => {
    expectSame('/app/a.ts', text)
  })
})

it('a statement goes from its first word at the margin to the next one', () => {
  const lines = 'import a\n\nexport const b =\n  () => 1\n\n// c\nfunction c() {\n}\n'.split('\n')
  expect(outerStatement(lines, 4)).toEqual({ first: 3, last: 6 })
  expect(outerStatement(lines, 8)).toEqual({ first: 7, last: 9 })
})

describe('all of a file is parsed', () => {
  const parses = vi.mocked(readFunctions)

  it.each([
    ['not for a declaration', 'const a = 1\nfunction load() {}\nconst b = 2\n', 2, false],
    ['not for a call', 'const a = 1\napp.get("/a", () => 1)\nconst b = 2\n', 2, false],
    ['not for an export', 'const a = 1\nexports.a = () => 1\nconst b = 2\n', 2, false],
    ['for what may be a field', 'class A{a=1;\nload=()=>1;\nb=2}\n', 2, true],
    ['once, where it is one statement', 'function load() {\n  a()\n}\n', 2, true],
  ])('%s', (_what, text, line, isWhole) => {
    parses.mockClear()
    fileFunctions('/app/a.ts', text).definedAt(
      line,
      text.split('\n')[line - 1]!.search(/load|\(\)/) + 1
    )
    expect(parses.mock.calls.filter((call) => call[1] === text)).toHaveLength(isWhole ? 1 : 0)
  })
})
