import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomBytes } from 'node:crypto'
import { constants, deflateRawSync } from 'node:zlib'
import { inflate } from '../../src/report/inflate.ts'

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY } = constants

it.each([
  ['codes of its own', { level: 9, strategy: Z_DEFAULT_STRATEGY }],
  ['the codes of the format', { level: 9, strategy: Z_FIXED }],
  ['no copies', { level: 9, strategy: Z_HUFFMAN_ONLY }],
  ['nothing packed', { level: 0 }],
])('unpacks what was packed, with %s', (_, options) => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 60 }), (parts) => {
      const text = [...parts, ...parts.toReversed(), ...parts].join('')
      const bytes = new TextEncoder().encode(text)
      expect(inflate(deflateRawSync(bytes, options))).toEqual(bytes)
    })
  )
})

it('unpacks long and far copies, and what cannot be packed', () => {
  const noise = new Uint8Array(randomBytes(40_000))
  const bytes = Uint8Array.from([...noise, ...noise.subarray(8000), ...new Uint8Array(5000)])
  expect(inflate(deflateRawSync(bytes, { level: 9 }))).toEqual(bytes)
})

it('says what is wrong with other data', () => {
  expect(() => inflate(Uint8Array.of(0b00000101, 0, 0, 0, 0, 0))).toThrow('no code of DEFLATE data')
})

it('says that data ends too early, wherever it is cut', () => {
  const packed = deflateRawSync('one two three one two three four')
  for (let length = 0; length < packed.length; length++) {
    expect(() => inflate(packed.subarray(0, length))).toThrow(
      `DEFLATE data of ${length} bytes ends too early`
    )
  }
})
