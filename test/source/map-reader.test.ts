import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import type { RawSourceMap } from '../../src/source/map-reader.ts'
import { MapReader } from '../../src/source/map-reader.ts'

const source = `interface Order { id: number }

type Orders = Order[]

export function total(orders: Orders): number { return orders.reduce((sum, { id }) => sum + id, 0) }
export const half = (n: number): number =>
  n / 2
`

/** Where a piece of text stands, from 1. */
function positionOf(text: string, piece: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(piece)).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

describe('a source map', async () => {
  const { code, map } = await transform(source, {
    loader: 'ts',
    sourcemap: true,
    sourcefile: 'orders.ts',
  })
  const reader = MapReader.whole(JSON.parse(map) as RawSourceMap, 'file:///app/dist/orders.js')
  const file = 'file:///app/dist/orders.ts'

  it.each(['total(', 'orders.reduce', 'sum + id', 'n / 2'])('leads to %s and back', (piece) => {
    const generated = positionOf(code, piece)
    const original = { file, ...positionOf(source, piece) }
    expect(reader.original(generated.line, generated.column)).toEqual(original)
    expect(reader.generated(original)).toEqual(generated)
  })

  it('takes the first mapped position of a line for what stands before it', () => {
    const { line } = positionOf(code, 'return orders')
    expect(reader.original(line, 1)).toMatchObject(positionOf(source, 'return orders'))
  })

  it('knows nothing of lines that are not mapped, and of other files', () => {
    expect(reader.original(1000, 1)).toBeUndefined()
    expect(reader.generated({ file: 'file:///other.ts', line: 5, column: 1 })).toBeUndefined()
    expect(reader.generated({ file, line: 1, column: 1 })).toBeUndefined()
  })

  it('resolves sources by the root that the map names', () => {
    const rooted = MapReader.whole(
      { mappings: 'AAAA', sources: ['orders.ts'], sourceRoot: '/src' },
      'file:///app/dist/orders.js'
    )
    expect(rooted.original(1, 1)?.file).toBe('file:///src/orders.ts')
  })
})

const breathe = (): Promise<void> => Promise.resolve()

describe('the text of a source', () => {
  it.each([[['one', null]], [[null, 'one']]])(
    'is found where a map names it twice, with %j',
    async (sourcesContent) => {
      const map = { mappings: 'AAAA,CCAA', sources: ['a.ts', 'a.ts'], sourcesContent }
      const reader = await MapReader.read(map, 'file:///app/a.js', breathe)
      expect(reader.content('file:///app/a.ts')).toBe('one')
    }
  )

  it.each(['file:///app/an%20order.ts', '/app/an order.ts'])('is found by %s', async (file) => {
    const map = { mappings: 'AAAA', sources: ['an%20order.ts'], sourcesContent: ['text'] }
    const reader = await MapReader.read(map, 'file:///app/a.js', breathe)
    expect(reader.content(file)).toBe('text')
    expect(reader.content('/app/other.ts')).toBeUndefined()
  })
})

it.each([null, undefined, {}])('a map whose sections are %j is read as one', async (sections) => {
  const map = { version: 3, mappings: 'AAAA', sources: ['a.ts'], sections }
  const json = new TextEncoder().encode(JSON.stringify(map))
  for (const reader of [
    await MapReader.read(json, 'file:///app/a.js', breathe),
    await MapReader.read(map as RawSourceMap, 'file:///app/a.js', breathe),
    MapReader.whole(map as RawSourceMap, 'file:///app/a.js'),
  ]) {
    expect(reader.original(1, 1)?.file).toBe('file:///app/a.ts')
  }
})
