/** Bytes written one after another. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  #reserve(count: number): void {
    if (this.#length + count > this.#bytes.length) {
      const grown = new Uint8Array(2 * (this.#length + count))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
  }

  /** A whole number from 0 in groups of seven bits, lowest first. */
  varint(value: number): void {
    this.#reserve(8)
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) + 128
    }
    this.#bytes[this.#length++] = rest
  }

  /** 16 bits, lowest first. */
  word(value: number): void {
    this.#reserve(2)
    this.#bytes[this.#length++] = value & 255
    this.#bytes[this.#length++] = value >>> 8
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Reads what `ByteWriter` wrote. */
export class ByteReader {
  #at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++]!
      value += (byte & 127) * unit
      if (byte < 128) {
        return value
      }
    }
  }

  word(): number {
    return this.#bytes[this.#at++]! | (this.#bytes[this.#at++]! << 8)
  }
}

/** Arguments that one call of `String.fromCharCode` takes everywhere. */
const CHUNK = 8192

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += CHUNK) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + CHUNK)))
  }
  return btoa(parts.join(''))
}

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = binary.charCodeAt(i)
  }
  return bytes
}
