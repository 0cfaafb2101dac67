import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../src/session/packed/bytes.ts'
import { COLUMN_LIMIT, readColumn, writeColumn } from '../../src/session/packed/columns.ts'
import { pack, unpack } from '../../src/session/packed/pack.ts'
import { arbitrarySession } from '../helpers/arbitrary-session.ts'
import { ordersSession } from '../helpers/orders-session.ts'

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const number = fc.oneof(
  fc.integer({ min: -1, max: 40 }),
  fc.integer({ min: 900, max: 1100 }),
  fc.integer({ min: 1 - COLUMN_LIMIT, max: COLUMN_LIMIT - 1 })
)

describe('columns', () => {
  it('come back equal, whatever is in them and beside them', () => {
    const columns = fc.integer({ min: 0, max: 300 }).chain((length) => {
      const one = fc.oneof(
        fc.array(number, { minLength: length, maxLength: length }),
        fc.array(fc.integer({ min: -1, max: 3 }), { minLength: length, maxLength: length })
      )
      return fc.array(one, { minLength: 2, maxLength: 2 })
    })
    fc.assert(
      fc.property(columns, ([first, second]) => {
        const writer = new ByteWriter()
        writeColumn(writer, first!, undefined)
        writeColumn(writer, second!, first)
        const reader = new ByteReader(writer.finish())
        expect(readColumn(reader, undefined)).toEqual(first)
        expect(readColumn(reader, first)).toEqual(second)
      })
    )
  })

  it('take next to nothing where they repeat', () => {
    const writer = new ByteWriter()
    const column = Array.from({ length: 100_000 }, (_, i) => i % 7)
    writeColumn(writer, column, undefined)
    expect(writer.finish().length).toBeLessThan(100)
  })
})

describe('pack', () => {
  it('gives every session back', () => {
    fc.assert(
      fc.property(arbitrarySession, (data) => {
        expect(unpack(throughJson(pack(data)) as never)).toEqual(throughJson(data))
      })
    )
    const data = ordersSession()
    expect(unpack(throughJson(pack(data)) as never)).toEqual(throughJson(data))
  })

  it('gives any JSON back, fields that it does not know as well', () => {
    const record = fc.record(
      { a: number, b: fc.constantFrom('x', 'y', ''), c: fc.boolean(), d: fc.array(number) },
      { requiredKeys: ['a'] }
    )
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({ rows: fc.array(record, { maxLength: 30 }), rest: fc.jsonValue() }),
      fc.array(fc.record({ inner: fc.array(record, { minLength: 8 }) }), { minLength: 8 })
    )
    fc.assert(
      fc.property(json, (value) => {
        expect(unpack(throughJson(pack(value)) as never)).toEqual(throughJson(value))
      })
    )
  })
})
