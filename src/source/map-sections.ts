/**
 * Cuts the mappings of a source map into sections that can be decoded one by one. Decoded as a whole, the map of a
 * 20 MB bundle takes 300 ms and 700 MB; going over it without keeping anything takes a fraction of that.
 */

/** Characters of mappings in a section: a fraction of a millisecond to decode. */
const SECTION_LENGTH = 1 << 13

/** Sections after which others may run: a few milliseconds. */
const SECTIONS_AT_ONCE = 64

/** A part of a map's mappings. Lines and columns are those of the generated code, from 0. */
export interface MapSection {
  /** Where it begins: at its first segment, or the last one of the section before. */
  line: number
  column: number
  /** Mappings of their own; their line 1 is `line`. */
  mappings: () => string
}

/** The fields of a segment as absolute numbers. */
interface Fields {
  line: number
  column: number
  source: number
  sourceLine: number
  sourceColumn: number
  name: number
  /** How many of them the last segment had. */
  count: number
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const COMMA = 44
const SEMICOLON = 59

/** A digit that others follow, and what is no digit. */
const CONTINUED = 32
const NO_DIGIT = 64

const VALUES = new Uint8Array(256).fill(NO_DIGIT)
for (let i = 0; i < DIGITS.length; i++) {
  VALUES[DIGITS.charCodeAt(i)] = i
}

/**
 * Finds the sections of a map.
 *
 * @param mappings Their characters.
 * @param breathe Lets others run for a moment; called every few milliseconds.
 */
export async function splitMappings(
  mappings: Uint8Array,
  breathe: () => Promise<void>
): Promise<MapSection[]> {
  const sections: MapSection[] = []
  const walk = new MappingsWalk(mappings)
  let before: Fields | undefined
  while (walk.at < mappings.length || sections.length === 0) {
    const [start, prefix] = [walk.at, before]
    before = walk.section()
    const end = walk.at
    sections.push({
      line: prefix?.line ?? 0,
      column: prefix?.column ?? 0,
      mappings: () => {
        const text = new TextDecoder().decode(mappings.subarray(start, end))
        return (prefix ? prefixOf(prefix) : ';') + text
      },
    })
    if (sections.length % SECTIONS_AT_ONCE === 0) {
      await breathe()
    }
  }
  return sections
}

/** Goes over mappings, and adds up what segments say relative to those before. */
class MappingsWalk {
  at = 0
  readonly #mappings: Uint8Array
  #line = 0
  #column = 0
  #source = 0
  #sourceLine = 0
  #sourceColumn = 0
  #name = 0

  constructor(mappings: Uint8Array) {
    this.#mappings = mappings
  }

  /** Goes over a section, which ends after a segment, and gives the fields of that. */
  section(): Fields {
    const mappings = this.#mappings
    const end = this.at + SECTION_LENGTH
    let count = 0
    while (this.at < mappings.length && (this.at < end || count === 0)) {
      const code = mappings[this.at]!
      count = 0
      if (code === SEMICOLON) {
        this.#line++
        this.#column = 0
        this.at++
      } else if (code === COMMA) {
        this.at++
      } else {
        count = this.#segment()
      }
    }
    return {
      line: this.#line,
      column: this.#column,
      source: this.#source,
      sourceLine: this.#sourceLine,
      sourceColumn: this.#sourceColumn,
      name: this.#name,
      count,
    }
  }

  /** Goes over a segment of 1, 4 or 5 numbers, and gives how many it has. */
  #segment(): number {
    this.#column += this.#number()
    if (!this.#hasMore()) {
      return 1
    }
    this.#source += this.#number()
    this.#sourceLine += this.#number()
    this.#sourceColumn += this.#number()
    if (!this.#hasMore()) {
      return 4
    }
    this.#name += this.#number()
    return 5
  }

  #hasMore(): boolean {
    return VALUES[this.#mappings[this.at]!]! < NO_DIGIT
  }

  #number(): number {
    let digit = VALUES[this.#mappings[this.at++]!]!
    let value = digit & 31
    for (let shift = 5; digit >= CONTINUED; shift += 5) {
      digit = VALUES[this.#mappings[this.at++]!]!
      value |= (digit & 31) << shift
    }
    return value & 1 ? -(value >>> 1) : value >>> 1
  }
}
/**
 * What makes the mappings after it right: a line with a segment that sets all fields, then the last segment of the
 * section before, which positions at the beginning of this one belong to.
 */
function prefixOf(last: Fields): string {
  const { column, source, sourceLine, sourceColumn, name, count } = last
  const carrier = [0, source, sourceLine, sourceColumn, name].map(encode).join('')
  return `${carrier};${encode(column)}${'A'.repeat(Math.max(count - 1, 0))}`
}

function encode(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    const digit = rest & 31
    rest >>>= 5
    text += DIGITS[rest > 0 ? digit | 32 : digit]!
  } while (rest > 0)
  return text
}

/** The section that a position belongs to. */
export function sectionAt(sections: readonly MapSection[], line: number, column: number): number {
  let low = 0
  let high = sections.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const { line: first, column: from } = sections[middle]!
    if (first < line || (first === line && from <= column)) {
      low = middle
    } else {
      high = middle - 1
    }
  }
  return low
}
