import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldsOf } from '../../src/source/map-json.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (array: Uint8Array | undefined): string | undefined =>
  array && new TextDecoder().decode(array)

const string = fc.string({ unit: 'binary' })
const map = fc.record(
  {
    version: fc.constant(3),
    file: string,
    sources: fc.array(fc.option(string)),
    sourcesContent: fc.array(fc.option(string)),
    names: fc.array(string),
    sourceRoot: string,
    mappings: fc.constantFrom('', 'AAAA;AACA', 'AAAA/,CAAC+B;;'),
    x_other: fc.jsonValue(),
  },
  { requiredKeys: [] }
)
const space = fc.constantFrom('', '  ', '\t')

describe('the fields of a map', () => {
  it('are those that JSON.parse gives', () => {
    fc.assert(
      fc.property(map, space, (written, indent) => {
        const json = JSON.stringify(written, null, indent)
        const {
          sources,
          names,
          sourceRoot,
          sourcesContent = [],
          mappings,
        } = JSON.parse(json) as Partial<typeof written>
        const fields = fieldsOf(bytes(json))!
        expect(fields.head).toEqual({ sources, names, sourceRoot })
        expect(text(fields.mappings)).toBe(mappings)
        for (let i = 0; i <= sourcesContent.length; i++) {
          expect(fields.content(i)).toBe(sourcesContent[i] ?? undefined)
        }
      })
    )
  })

  it('are found behind what keeps browsers from running the map', () => {
    expect(fieldsOf(bytes(`)]}'\n{"sources":["a.ts"]}`))?.head.sources).toEqual(['a.ts'])
  })

  it('are told of mappings whose slashes are escaped', () => {
    expect(text(fieldsOf(bytes('{"mappings":"AA\\/A"}'))?.mappings)).toBe('AA/A')
  })

  it('are not told of a map that is made of others', () => {
    expect(fieldsOf(bytes('{"version":3,"sections":[]}'))).toBeUndefined()
  })

  it.each(['null', '{}', '0'])('are told of a map with sections that are %s', (sections) => {
    const json = `{"sources":["a.ts"],"sections":${sections}}`
    expect(fieldsOf(bytes(json))?.head.sources).toEqual(['a.ts'])
  })

  it('are not found in the beginning of a map', () => {
    const json = '{"sources":["a \\"b\\""],"sourcesContent":["{[",null],"mappings":"AAAA"}'
    for (let end = 0; end < json.length; end++) {
      expect(() => fieldsOf(bytes(json.slice(0, end)))).toThrow(SyntaxError)
    }
  })

  it.each(['', '[]', '{ broken', '{"a" 1}', '{"sourcesContent":["a"}', '{"sourcesContent":[,]}'])(
    'are not found in %j',
    (json) => {
      expect(() => fieldsOf(bytes(json))).toThrow(SyntaxError)
    }
  )
})
