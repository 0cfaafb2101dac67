import { transform } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RawSourceMap } from '../../src/source/map-reader.ts'
import { MapReader } from '../../src/source/map-reader.ts'

const FUNCTIONS = 12_000

const source = Array.from(
  { length: FUNCTIONS },
  (_, i) => `export function compute${i}(first: number, second: number): number {
  const sum = first + second * ${i}
  return sum > 10 ? Math.sqrt(sum) : -sum
}`
).join('\n')

describe.each([false, true])('a large map, of minified code: %s', async (minify) => {
  const { code, map } = await transform(source, {
    loader: 'ts',
    sourcemap: true,
    sourcefile: 'big.ts',
    minify,
  })
  const json = JSON.parse(map) as RawSourceMap
  let breaths = 0
  const breathe = (): Promise<void> => {
    breaths++
    return Promise.resolve()
  }
  const sectioned = await MapReader.read(json, 'file:///app/big.js', breathe)
  const whole = MapReader.whole(json, 'file:///app/big.js')
  const lines = code.split('\n')

  it('gives in sections what it gives as a whole', () => {
    expect(json.mappings!.length).toBeGreaterThan(1 << 19)
    expect(breaths).toBeGreaterThan(0)
    const place = fc
      .integer({ min: 0, max: lines.length - 1 })
      .chain((line) =>
        fc.tuple(fc.constant(line + 1), fc.integer({ min: 1, max: lines[line]!.length + 1 }))
      )
    fc.assert(
      fc.property(place, ([line, column]) => {
        expect(sectioned.original(line, column)).toEqual(whole.original(line, column))
      }),
      { numRuns: 2000 }
    )
  })
})

it.each([{}, { mappings: 'AAAA' }, { sources: [] }])('refuses %j', async (json) => {
  await expect(MapReader.read(json, '', () => Promise.resolve())).rejects.toThrow('it has no')
})
