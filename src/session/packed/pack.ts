/**
 * JSON that holds long tables in less than a tenth of its size: lists of alike objects become columns, columns
 * of strings become numbers, and columns of numbers one text. Whatever the JSON holds comes back equal.
 */
import { ByteReader, ByteWriter, fromBase64, toBase64 } from './bytes.ts'
import { COLUMN_LIMIT, readColumn, writeColumn } from './columns.ts'

/** Names of fields from the outermost to a place in the JSON. */
type Path = string[]

/** JSON, packed. It is JSON itself. */
export interface Packed {
  value: unknown
  /** Where lists of objects stand as objects of columns. */
  tables: Path[]
  /** Where lists of strings stand as `{ texts, at }`. */
  texts: Path[]
  /** Where columns of numbers belong, which stand as `null`, in the order of `data`. */
  numbers: Path[]
  /** The columns in base64. */
  data: string
}

/** Shorter lists stay as they are. */
const SHORTEST = 8

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isColumnNumber = (value: unknown): boolean =>
  Number.isInteger(value) && Math.abs(value as number) < COLUMN_LIMIT && !Object.is(value, -0)

const isText = (value: unknown): boolean => typeof value === 'string' || value === null

/** Packs JSON; what JSON leaves out, like fields that are `undefined`, is left out here too. */
export function pack(json: unknown): Packed {
  const packing = new Packing()
  const value = packing.pack(json, [])
  const { tables, texts, numbers, writer } = packing
  return { value, tables, texts, numbers, data: toBase64(writer.finish()) }
}

class Packing {
  readonly tables: Path[] = []
  readonly texts: Path[] = []
  readonly numbers: Path[] = []
  readonly writer: ByteWriter = new ByteWriter()

  pack(value: unknown, path: Path, neighbour?: number[]): unknown {
    if (isObject(value)) {
      return this.#packFields(value, path)
    }
    if (!Array.isArray(value)) {
      return value
    }
    const list = value as unknown[]
    if (list.length >= SHORTEST) {
      if (list.every(isColumnNumber)) {
        writeColumn(this.writer, list as number[], neighbour)
        this.numbers.push(path)
        return null
      }
      if (list.every(isText)) {
        return this.#packTexts(list as (string | null)[], path)
      }
      if (list.every((item) => isObject(item) && !Object.values(item).includes(null))) {
        this.tables.push(path)
        return this.#packFields(columnsOf(list as Fields[]), path)
      }
    }
    return list.map((item, i) => this.pack(item, [...path, String(i)]))
  }

  #packFields(fields: Fields, path: Path): Fields {
    let neighbour: number[] | undefined
    return Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const packed = this.pack(field, [...path, name], neighbour)
        neighbour ??= packed === null ? (field as number[]) : undefined
        return [name, packed]
      })
    )
  }

  #packTexts(list: (string | null)[], path: Path): unknown {
    const texts = [...new Set(list)]
    if (texts.length === list.length) {
      return list
    }
    const positions = new Map(texts.map((text, i) => [text, i]))
    this.texts.push(path)
    return this.#packFields({ texts, at: list.map((text) => positions.get(text)!) }, path)
  }
}

/** A column for each field that occurs; `null` stands where an object lacks it. */
function columnsOf(objects: readonly Fields[]): Fields {
  const names = new Set(objects.flatMap((object) => Object.keys(object)))
  return Object.fromEntries(
    [...names].map((name) => [name, objects.map((object) => object[name] ?? null)])
  )
}

/** Gives back what was packed. */
export function unpack({ value, tables, texts, numbers, data }: Packed): unknown {
  const whole: Fields = { value }
  const reader = new ByteReader(fromBase64(data))
  const neighbours = new Map<Fields, number[]>()
  for (const path of numbers) {
    const { holder, name } = placeOf(whole, path)
    const column = readColumn(reader, neighbours.get(holder))
    holder[name] = column
    neighbours.set(holder, neighbours.get(holder) ?? column)
  }
  for (const path of texts) {
    const { holder, name } = placeOf(whole, path)
    const { texts: unique, at } = holder[name] as { texts: unknown[]; at: number[] }
    holder[name] = at.map((position) => unique[position])
  }
  // A table stands before the tables in it.
  for (const path of tables.reverse()) {
    const { holder, name } = placeOf(whole, path)
    holder[name] = objectsOf(holder[name] as Record<string, unknown[]>)
  }
  return whole.value
}

function placeOf(whole: Fields, path: Path): { holder: Fields; name: string } {
  let holder = whole
  let name = 'value'
  for (const next of path) {
    holder = holder[name] as Fields
    name = next
  }
  return { holder, name }
}

function objectsOf(columns: Record<string, unknown[]>): Fields[] {
  const entries = Object.entries(columns)
  const length = entries[0]?.[1].length ?? 0
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(
      entries.flatMap(([name, column]) => (column[i] === null ? [] : [[name, column[i]]]))
    )
  )
}
