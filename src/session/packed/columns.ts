/**
 * Columns of whole numbers, each by the prediction that leaves least to write. What a request does repeats:
 * after a stack comes one of the few that came after it before, and with a stack mostly the same state.
 */
import type { ByteReader, ByteWriter } from './bytes.ts'
import { decode, encode, estimateBits } from './entropy.ts'

/** Numbers beyond this, on both sides of 0, cannot be in a column. */
export const COLUMN_LIMIT: number = 2 ** 49

/** How a column is predicted, as it is written. */
const BY_LOWEST = 0
const BY_PREVIOUS = 1
/** By what came after the previous number before. */
const BY_SUCCESSION = 2
/** By what stood beside the same number of another column before. */
const BY_NEIGHBOUR = 3

/** How many numbers are remembered for each context, the latest first. */
const REMEMBERED = 8
/** Contexts are numbers from -1 to this. */
const MAX_CONTEXT = 2 ** 18

const toUnsigned = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const toSigned = (code: number): number => (code % 2 === 1 ? -(code + 1) / 2 : code / 2)

/** The numbers that came last in each context. */
class Memory {
  readonly #values: Float64Array

  constructor(highestContext: number) {
    this.#values = new Float64Array((highestContext + 2) * REMEMBERED).fill(NaN)
  }

  /** Where a number is among those of a context; `REMEMBERED` when it is not. */
  find(context: number, value: number): number {
    const start = (context + 1) * REMEMBERED
    let position = 0
    while (position < REMEMBERED && this.#values[start + position] !== value) {
      position++
    }
    return position
  }

  get(context: number, position: number): number {
    return this.#values[(context + 1) * REMEMBERED + position]!
  }

  /** Makes a number that was at `position` the latest of its context. */
  note(context: number, position: number, value: number): void {
    const start = (context + 1) * REMEMBERED
    const last = start + Math.min(position, REMEMBERED - 1)
    this.#values.copyWithin(start + 1, start, last)
    this.#values[start] = value
  }
}

/** The highest number of a column that can be contexts; undefined when it cannot. */
function highestContext(column: readonly number[]): number | undefined {
  let highest = -1
  for (const value of column) {
    if (value < -1 || value > MAX_CONTEXT) {
      return undefined
    }
    highest = Math.max(highest, value)
  }
  return highest
}

function excesses(column: readonly number[], lowest: number): Float64Array {
  return Float64Array.from(column, (value) => value - lowest)
}

function differences(column: readonly number[]): Float64Array {
  const codes = new Float64Array(column.length)
  let previous = 0
  for (let i = 0; i < column.length; i++) {
    codes[i] = toUnsigned(column[i]! - previous)
    previous = column[i]!
  }
  return codes
}

/** Codes by context; without `contexts`, the context is the number before. */
function recollections(
  column: readonly number[],
  highest: number,
  contexts?: readonly number[]
): Float64Array {
  const memory = new Memory(highest)
  const codes = new Float64Array(column.length)
  let previous = -1
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!
    const context = contexts ? contexts[i]! : previous
    const position = memory.find(context, value)
    codes[i] = position < REMEMBERED ? position : REMEMBERED + toUnsigned(value - previous)
    memory.note(context, position, value)
    previous = value
  }
  return codes
}

/** Writes a column; `neighbour` is a column of the same table that stands before it. */
export function writeColumn(
  writer: ByteWriter,
  column: readonly number[],
  neighbour: readonly number[] | undefined
): void {
  const own = highestContext(column)
  const other = neighbour?.length === column.length ? highestContext(neighbour) : undefined
  const lowest = column.reduce((least, value) => Math.min(least, value), 0)
  // With each prediction the one number that it needs to be undone.
  const candidates: [prediction: number, parameter: number, codes: Float64Array][] = [
    [BY_LOWEST, -lowest, excesses(column, lowest)],
    [BY_PREVIOUS, 0, differences(column)],
  ]
  if (own !== undefined) {
    candidates.push([BY_SUCCESSION, own + 1, recollections(column, own)])
  }
  if (other !== undefined) {
    candidates.push([BY_NEIGHBOUR, other + 1, recollections(column, other, neighbour)])
  }
  const sizes = candidates.map(([, , codes]) => estimateBits(codes))
  const [prediction, parameter, codes] = candidates[sizes.indexOf(Math.min(...sizes))]!
  writer.varint(prediction)
  writer.varint(parameter)
  encode(writer, codes)
}

/** Reads what `writeColumn` wrote. */
export function readColumn(reader: ByteReader, neighbour: readonly number[] | undefined): number[] {
  const prediction = reader.varint()
  const parameter = reader.varint()
  const codes = decode(reader)
  switch (prediction) {
    case BY_LOWEST:
      return codes.map((code) => code - parameter)
    case BY_PREVIOUS:
      return sumUp(codes)
    default:
      return recall(codes, parameter - 1, prediction === BY_NEIGHBOUR ? neighbour : undefined)
  }
}

/** The inverse of `differences`, in place. */
function sumUp(codes: number[]): number[] {
  let previous = 0
  for (let i = 0; i < codes.length; i++) {
    previous += toSigned(codes[i]!)
    codes[i] = previous
  }
  return codes
}

/** The inverse of `recollections`, in place. */
function recall(codes: number[], highest: number, contexts?: readonly number[]): number[] {
  const memory = new Memory(highest)
  let previous = -1
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    const context = contexts ? contexts[i]! : previous
    const isKnown = code < REMEMBERED
    const value = isKnown ? memory.get(context, code) : previous + toSigned(code - REMEMBERED)
    memory.note(context, isKnown ? code : REMEMBERED, value)
    previous = codes[i] = value
  }
  return codes
}
