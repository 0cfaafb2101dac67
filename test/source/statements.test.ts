import { describe, expect, it } from 'vitest'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileFunctions } from '../../src/source/file-functions.ts'
import { functionDefinedAt, readFunctions } from '../../src/source/functions.ts'
import { outerStatement } from '../../src/source/statements.ts'
import { isScript } from '../../src/source/syntax.ts'

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
