/** A Huffman code: how many symbols have each length, and the symbols in the order of their codes. */
interface Code {
  counts: Uint16Array
  symbols: Uint16Array
}

const MAX_LENGTH = 15
const END_OF_BLOCK = 256

/** The order in which a block gives the lengths of the code of its codes. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** What the symbols of copies begin at, and how many bits are added: lengths, then distances. */
const LENGTHS = copyTable(3, 29, (i) => (i < 4 || i === 28 ? 0 : (i >> 2) - 1))
const DISTANCES = copyTable(1, 30, (i) => (i < 2 ? 0 : (i >> 1) - 1))
LENGTHS[28]!.base = 258

function copyTable(
  first: number,
  count: number,
  bitsOf: (i: number) => number
): { base: number; bits: number }[] {
  let base = first
  return Array.from({ length: count }, (_, i) => {
    const entry = { base, bits: bitsOf(i) }
    base += 1 << entry.bits
    return entry
  })
}

function codeOf(lengths: readonly number[]): Code {
  const counts = new Uint16Array(MAX_LENGTH + 1)
  for (const length of lengths) {
    counts[length]!++
  }
  counts[0] = 0
  const next = new Uint16Array(MAX_LENGTH + 2)
  for (let length = 1; length <= MAX_LENGTH; length++) {
    next[length + 1] = next[length]! + counts[length]!
  }
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length > 0) {
      symbols[next[length]!++] = symbol
    }
  })
  return { counts, symbols }
}

/** The codes of a block. */
interface BlockCodes {
  symbols: Code
  distances: Code
}

/** The codes of blocks that bring none. */
const FIXED: BlockCodes = {
  symbols: codeOf(
    Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))
  ),
  distances: codeOf(Array.from({ length: 30 }, () => 5)),
}

/** Packed data, and how many of its bits were read. */
interface Bits {
  bytes: Uint8Array
  read: number
}

/**
 * Unpacks raw DEFLATE data (RFC 1951) at once: the browser's own `DecompressionStream` takes turns, so that the page would be
 * loaded before there is anything in it.
 */
export function inflate(bytes: Uint8Array): Uint8Array {
  const bits: Bits = { bytes, read: 0 }
  const out: number[] = []
  for (let isLast = 0; isLast === 0;) {
    isLast = readBits(bits, 1)
    const kind = readBits(bits, 2)
    if (kind === 0) {
      unpackStored(bits, out)
    } else {
      unpackCoded(bits, out, kind === 1 ? FIXED : readCodes(bits))
    }
  }
  return Uint8Array.from(out)
}

function unpackStored(bits: Bits, out: number[]): void {
  bits.read = (bits.read + 7) & ~7
  const length = readBits(bits, 16)
  // The length again, with its bits turned.
  readBits(bits, 16)
  for (let i = 0; i < length; i++) {
    out.push(readBits(bits, 8))
  }
}

function unpackCoded(bits: Bits, out: number[], { symbols, distances }: BlockCodes): void {
  for (;;) {
    const symbol = readSymbol(bits, symbols)
    if (symbol === END_OF_BLOCK) {
      return
    }
    if (symbol < END_OF_BLOCK) {
      out.push(symbol)
      continue
    }
    const length = readCopy(bits, LENGTHS, symbol - END_OF_BLOCK - 1)
    const from = out.length - readCopy(bits, DISTANCES, readSymbol(bits, distances))
    for (let i = 0; i < length; i++) {
      out.push(out[from + i]!)
    }
  }
}

function readCopy(bits: Bits, table: typeof LENGTHS, symbol: number): number {
  const { base, bits: added } = table[symbol]!
  return base + readBits(bits, added)
}

function readCodes(bits: Bits): BlockCodes {
  const symbolCount = readBits(bits, 5) + 257
  const distanceCount = readBits(bits, 5) + 1
  const lengthCount = readBits(bits, 4) + 4
  const ofLengths = Array.from({ length: LENGTH_ORDER.length }, () => 0)
  for (const position of LENGTH_ORDER.slice(0, lengthCount)) {
    ofLengths[position] = readBits(bits, 3)
  }
  const lengths = readLengths(bits, codeOf(ofLengths), symbolCount + distanceCount)
  return {
    symbols: codeOf(lengths.slice(0, symbolCount)),
    distances: codeOf(lengths.slice(symbolCount)),
  }
}

/** The lengths of codes, which say where one is repeated: 16 the one before, 17 and 18 zero. */
function readLengths(bits: Bits, code: Code, count: number): number[] {
  const lengths: number[] = []
  while (lengths.length < count) {
    const symbol = readSymbol(bits, code)
    const [length, times] =
      symbol < 16
        ? [symbol, 1]
        : symbol === 16
          ? [lengths.at(-1)!, 3 + readBits(bits, 2)]
          : [0, symbol === 17 ? 3 + readBits(bits, 3) : 11 + readBits(bits, 7)]
    for (let i = 0; i < times; i++) {
      lengths.push(length)
    }
  }
  return lengths
}

function readSymbol(bits: Bits, { counts, symbols }: Code): number {
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= MAX_LENGTH; length++) {
    code |= readBits(bits, 1)
    const count = counts[length]!
    if (code - first < count) {
      return symbols[index + code - first]!
    }
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  throw new Error(`no code of DEFLATE data ends at bit ${bits.read}`)
}

function readBits(bits: Bits, count: number): number {
  if (bits.read + count > bits.bytes.length * 8) {
    throw new Error(`DEFLATE data of ${bits.bytes.length} bytes ends too early`)
  }
  let value = 0
  for (let i = 0; i < count; i++, bits.read++) {
    value |= ((bits.bytes[bits.read >> 3]! >> (bits.read & 7)) & 1) << i
  }
  return value
}
