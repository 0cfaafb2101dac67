/**
 * Whole numbers in about as few bits as their frequencies allow: a static range coder (rANS, Duda 2013) of
 * 32 bits that emits 16 at a time. Synchronous and the same on every runtime, which no compression built into
 * them is, and as quick to read as those: some 10 ns a number.
 */
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Frequencies add up to 2 to the power of this. */
const SCALE_BITS = 14
const SCALE = 1 << SCALE_BITS
/** The state of the coder stays at or above this. */
const LOW = 1 << 16
/** The most bits that are written at once without a model. */
const RAW_BITS = 16

/** Numbers below this are symbols of their own. */
const EXACT = 32
/** Above, each power of two is divided into this many symbols; the bits below are written as they are. */
const PARTS = 16
const PARTS_BITS = 4

/** The highest number that can be coded: zigzag doubles what is below 2 to the power of 50. */
export const LARGEST: number = 2 ** 51

function exponentOf(value: number): number {
  return value < 2 ** 32 ? 31 - Math.clz32(value) : 63 - Math.clz32(value / 2 ** 32)
}

function symbolOf(value: number): number {
  if (value < EXACT) {
    return value
  }
  const exponent = exponentOf(value)
  const part = Math.floor(value / 2 ** (exponent - PARTS_BITS)) - PARTS
  return EXACT + (exponent - PARTS_BITS - 1) * PARTS + part
}

const SYMBOLS = symbolOf(LARGEST) + 1

/** For each symbol the lowest number that it stands for, and how many bits follow it. */
const BASES = new Float64Array(SYMBOLS)
const EXTRA_BITS = new Uint8Array(SYMBOLS)
for (let symbol = 0; symbol < SYMBOLS; symbol++) {
  const extra = symbol < EXACT ? 0 : Math.floor((symbol - EXACT) / PARTS) + 1
  EXTRA_BITS[symbol] = extra
  BASES[symbol] = symbol < EXACT ? symbol : (PARTS + ((symbol - EXACT) % PARTS)) * 2 ** extra
}

function countSymbols(values: Iterable<number>): Uint32Array {
  const counts = new Uint32Array(SYMBOLS)
  for (const value of values) {
    counts[symbolOf(value)]!++
  }
  return counts
}

/** About how many bits `encode` takes for the numbers. */
export function estimateBits(values: Float64Array): number {
  let bits = 0
  countSymbols(values).forEach((count, symbol) => {
    if (count > 0) {
      bits += count * (Math.log2(values.length / count) + EXTRA_BITS[symbol]!) + SCALE_BITS
    }
  })
  return bits
}

/** Scales counts so that they add up to `SCALE`; what occurs keeps at least 1. */
function frequenciesOf(counts: Uint32Array, total: number): Uint16Array {
  const frequencies = new Uint16Array(SYMBOLS)
  let missing = SCALE
  let largest = 0
  counts.forEach((count, symbol) => {
    if (count > 0) {
      frequencies[symbol] = Math.max(1, Math.floor((count / total) * SCALE))
      missing -= frequencies[symbol]
      largest = counts[largest]! < count ? symbol : largest
    }
  })
  // Rounding leaves a few over, or took them by the 1 for what is rare; the most frequent can bear both.
  for (let symbol = largest; missing < 0; symbol = (symbol + 1) % SYMBOLS) {
    const taken = Math.min(-missing, Math.max(0, frequencies[symbol]! - 1))
    frequencies[symbol]! -= taken
    missing += taken
  }
  frequencies[largest]! += missing
  return frequencies
}

function cumulate(frequencies: Uint16Array): Uint32Array {
  const starts = new Uint32Array(SYMBOLS)
  for (let symbol = 1; symbol < SYMBOLS; symbol++) {
    starts[symbol] = starts[symbol - 1]! + frequencies[symbol - 1]!
  }
  return starts
}

function writeFrequencies(writer: ByteWriter, frequencies: Uint16Array): void {
  let gap = 0
  for (let symbol = 0, left = SCALE; left > 0; symbol++) {
    if (frequencies[symbol] === 0) {
      gap++
    } else {
      writer.varint(gap)
      writer.varint(frequencies[symbol]!)
      left -= frequencies[symbol]!
      gap = 0
    }
  }
}

function readFrequencies(reader: ByteReader): Uint16Array {
  const frequencies = new Uint16Array(SYMBOLS)
  for (let symbol = 0, left = SCALE; left > 0; symbol++) {
    symbol += reader.varint()
    frequencies[symbol] = reader.varint()
    left -= frequencies[symbol]!
  }
  return frequencies
}

/** Writes whole numbers from 0 to `LARGEST`. */
export function encode(writer: ByteWriter, values: Float64Array): void {
  writer.varint(values.length)
  if (values.length === 0) {
    return
  }
  const frequencies = frequenciesOf(countSymbols(values), values.length)
  const starts = cumulate(frequencies)
  writeFrequencies(writer, frequencies)
  const words: number[] = []
  let state = LOW
  // The coder is a stack: what is written last is read first.
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i]!
    const symbol = symbolOf(value)
    let extra = value - BASES[symbol]!
    for (let left = EXTRA_BITS[symbol]!; left > 0; left -= RAW_BITS) {
      const size = 2 ** Math.min(left, RAW_BITS)
      if (state >= 2 ** 32 / size) {
        words.push(state & 0xffff)
        state >>>= 16
      }
      state = state * size + (extra % size)
      extra = Math.floor(extra / size)
    }
    const frequency = frequencies[symbol]!
    if (state >= frequency * 2 ** (32 - SCALE_BITS)) {
      words.push(state & 0xffff)
      state >>>= 16
    }
    const quotient = Math.floor(state / frequency)
    state = quotient * SCALE + (state - quotient * frequency) + starts[symbol]!
  }
  writer.varint(state)
  for (let i = words.length - 1; i >= 0; i--) {
    writer.word(words[i]!)
  }
}

/** Reads what `encode` wrote. */
export function decode(reader: ByteReader): number[] {
  const length = reader.varint()
  if (length === 0) {
    return []
  }
  const frequencies = readFrequencies(reader)
  const starts = cumulate(frequencies)
  const symbols = new Uint16Array(SCALE)
  frequencies.forEach((frequency, symbol) => {
    symbols.fill(symbol, starts[symbol], starts[symbol]! + frequency)
  })
  const values = new Array<number>(length)
  let state = reader.varint()
  for (let i = 0; i < length; i++) {
    const slot = state & (SCALE - 1)
    const symbol = symbols[slot]!
    state = frequencies[symbol]! * (state >>> SCALE_BITS) + slot - starts[symbol]!
    if (state < LOW) {
      state = state * LOW + reader.word()
    }
    let value = 0
    // Chunks come highest first, and all but the first are full.
    for (let left = EXTRA_BITS[symbol]!; left > 0;) {
      const bits = left % RAW_BITS || RAW_BITS
      const size = 2 ** bits
      const rest = Math.floor(state / size)
      value = value * size + (state - rest * size)
      state = rest < LOW ? rest * LOW + reader.word() : rest
      left -= bits
    }
    values[i] = BASES[symbol]! + value
  }
  return values
}
