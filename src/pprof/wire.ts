/**
 * The part of protobuf's wire format that pprof uses (https://protobuf.dev/programming-guides/encoding/):
 * varints, and length-delimited bytes, text, messages and packed varints.
 */

const VARINT = 0
const FIXED_64 = 1
const BYTES = 2
const FIXED_32 = 5

/** Builds a message, field by field. */
export class MessageWriter {
  #bytes: Uint8Array = new Uint8Array(64)
  #length = 0

  /** A whole number from 0; 0, the default, is left out. */
  number(field: number, value: number | bigint): this {
    if (value > 0) {
      this.#varint((field << 3) | VARINT)
      this.#varint(value)
    }
    return this
  }

  /** Whole numbers from 0 in one field. */
  numbers(field: number, values: Iterable<number>): this {
    const packed = new MessageWriter()
    for (const value of values) {
      packed.#varint(value)
    }
    return this.bytes(field, packed.finish())
  }

  message(field: number, message: MessageWriter): this {
    return this.bytes(field, message.finish())
  }

  bytes(field: number, bytes: Uint8Array): this {
    this.#varint((field << 3) | BYTES)
    this.#varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #varint(value: number | bigint): void {
    // Ten bytes hold 64 bits.
    this.#reserve(10)
    let rest = value
    if (typeof rest === 'bigint') {
      for (; rest > 0x7fn; rest >>= 7n) {
        this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80
      }
      rest = Number(rest)
    }
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
  }
}

/** A field of a message: a varint, or bytes that hold text, a message or packed varints. */
export type Field =
  | { number: number; varint: bigint; bytes?: undefined }
  | { number: number; varint?: undefined; bytes: Uint8Array }

/**
 * The fields of a message in their order. Fields of fixed size, which pprof does not have, are passed over.
 *
 * @throws RangeError When the bytes are not a whole message.
 */
export function* readMessage(bytes: Uint8Array): Generator<Field> {
  const reader = new Reader(bytes)
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint())
    const number = Math.floor(tag / 8)
    switch (tag % 8) {
      case VARINT:
        yield { number, varint: reader.varint() }
        break
      case BYTES:
        yield { number, bytes: reader.take(Number(reader.varint())) }
        break
      case FIXED_64:
        reader.take(8)
        break
      case FIXED_32:
        reader.take(4)
        break
      default:
        throw new RangeError(`field ${number} has the unknown wire type ${tag % 8}`)
    }
  }
}

/** The numbers of a repeated field, whether it is packed or not. */
export function readNumbers({ varint, bytes }: Field): bigint[] {
  if (varint !== undefined) {
    return [varint]
  }
  const reader = new Reader(bytes)
  const numbers: bigint[] = []
  while (!reader.isAtEnd) {
    numbers.push(reader.varint())
  }
  return numbers
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) {
      throw new RangeError(`it ends at byte ${this.#bytes.length}, within a field`)
    }
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  /** A varint of up to 64 bits; small ones, which most are, without the cost of big numbers. */
  varint(): bigint {
    let value = 0
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = this.take(1)[0]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        return BigInt(value)
      }
    }
    return this.#longVarint(BigInt(value))
  }

  #longVarint(start: bigint): bigint {
    let value = start
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        return BigInt.asUintN(64, value)
      }
    }
    throw new RangeError('a number is longer than 64 bits')
  }
}
