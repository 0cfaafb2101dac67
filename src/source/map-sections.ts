/**
 * Cuts the mappings of a source map into sections that can be decoded one by one. Decoded as a whole, the map of a
 * 20 MB bundle takes 300 ms and 700 MB; going over it without keeping anything takes a fraction of that.
 */

/** Characters of mappings in a section: less than 1 ms to decode. */
const SECTION_LENGTH = 1 << 15

/** Sections after which others may run: a few milliseconds. */
const SECTIONS_AT_ONCE = 8

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

const NO_FIELDS: Fields = {
  line: 0,
  column: 0,
  source: 0,
  sourceLine: 0,
  sourceColumn: 0,
  name: 0,
  count: 0,
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Uint8Array(128)
for (let i = 0; i < DIGITS.length; i++) {
  VALUES[DIGITS.charCodeAt(i)] = i
}

const COMMA = 44
const SEMICOLON = 59

/**
 * Finds the sections of a map.
 *
 * @param breathe Lets others run for a moment; called every few milliseconds.
 */
export async function splitMappings(
  mappings: string,
  breathe: () => Promise<void>
): Promise<MapSection[]> {
  const sections: MapSection[] = []
  let start = 0
  let begin: Fields | undefined
  while (start < mappings.length || sections.length === 0) {
    const from = start
    const before = begin
    const { end, last } = walkSection(mappings, from, before)
    sections.push({
      line: before?.line ?? 0,
      column: before?.column ?? 0,
      mappings: () => (before ? prefixOf(before) : ';') + mappings.slice(from, end),
    })
    start = end
    begin = last
    if (sections.length % SECTIONS_AT_ONCE === 0) {
      await breathe()
    }
  }
  return sections
}

/** Goes over a section, which ends after a segment, and gives the fields of that. */
function walkSection(
  mappings: string,
  start: number,
  { line, column, source, sourceLine, sourceColumn, name }: Fields = NO_FIELDS
): { end: number; last: Fields } {
  const fields = Int32Array.of(column, source, sourceLine, sourceColumn, name)
  let field = 0
  let value = 0
  let shift = 0
  let at = start
  for (; at < mappings.length; at++) {
    const code = mappings.charCodeAt(at)
    if (code === COMMA || code === SEMICOLON) {
      if (at - start >= SECTION_LENGTH && field > 0) {
        break
      }
      if (code === SEMICOLON) {
        line++
        fields[0] = 0
      }
      field = 0
      continue
    }
    const digit = VALUES[code]!
    value |= (digit & 31) << shift
    if (digit & 32) {
      shift += 5
    } else {
      fields[field]! += value & 1 ? -(value >>> 1) : value >>> 1
      field++
      value = 0
      shift = 0
    }
  }
  const [endColumn, endSource, endLine, endSourceColumn, endName] = fields
  const last = {
    line,
    column: endColumn!,
    source: endSource!,
    sourceLine: endLine!,
    sourceColumn: endSourceColumn!,
    name: endName!,
    count: field,
  }
  return { end: at, last }
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
