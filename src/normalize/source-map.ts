/** Reads source maps of version 3 (tc39.es/ecma426), both ways. */

import type { SourcePosition } from '../adapter.ts'

/** The fields of a source map that positions need. */
export interface RawSourceMap {
  mappings: string
  sources: readonly (string | null)[]
  sourceRoot?: string
}

/** A mapped position of the generated code; all counted from 0. */
interface Segment {
  generatedLine: number
  generatedColumn: number
  source: number
  line: number
  column: number
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]))

/** Leads from generated code to its sources and back. Positions are counted from 1. */
export class SourceMapReader {
  readonly #sources: string[]
  /** In order of the generated code. */
  readonly #segments: Segment[]
  #bySource: Segment[] | undefined

  /** @param url Where the map or its script is: sources are named relative to it. */
  constructor(map: RawSourceMap, url: string) {
    const { sources, sourceRoot } = map
    const root = sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/` : ''
    this.#sources = sources.map((source) => resolve(`${root}${source ?? ''}`, url))
    this.#segments = decode(map.mappings)
  }

  /**
   * The source of a position in generated code: of the last mapped position on its line up to it, else of the first
   * one on the line; undefined when nothing on the line is mapped.
   */
  original(line: number, column: number): SourcePosition | undefined {
    const next = firstAfter(
      this.#segments,
      (segment) => segment.generatedLine - (line - 1) || segment.generatedColumn - (column - 1)
    )
    const isOnLine = (segment: Segment | undefined): boolean => segment?.generatedLine === line - 1
    const segment = [this.#segments[next - 1], this.#segments[next]].find(isOnLine)
    return (
      segment && {
        file: this.#sources[segment.source] ?? '',
        line: segment.line + 1,
        column: segment.column + 1,
      }
    )
  }

  /** Where a position in a source stands in the generated code; undefined when nothing of its line does. */
  generated({ file, line, column }: SourcePosition): { line: number; column: number } | undefined {
    const source = this.#sources.indexOf(file)
    this.#bySource ??= [...this.#segments].sort(inOrderOfSources)
    const next = firstAfter(
      this.#bySource,
      (segment) =>
        segment.source - source || segment.line - (line - 1) || segment.column - (column - 1)
    )
    const segment = [this.#bySource[next - 1], this.#bySource[next]].find(
      (near) => near?.source === source && near.line === line - 1
    )
    return segment && { line: segment.generatedLine + 1, column: segment.generatedColumn + 1 }
  }
}

function inOrderOfSources(a: Segment, b: Segment): number {
  return a.source - b.source || a.line - b.line || a.column - b.column
}

/** The index of the first segment that `compare` finds after what is looked for. */
function firstAfter(segments: readonly Segment[], compare: (segment: Segment) => number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(segments[middle]!) > 0) {
      high = middle
    } else {
      low = middle + 1
    }
  }
  return low
}

/** All fields but the generated column go on from the segment before, over the ends of lines too. */
function decode(mappings: string): Segment[] {
  const segments: Segment[] = []
  let source = 0
  let sourceLine = 0
  let sourceColumn = 0
  mappings.split(';').forEach((text, generatedLine) => {
    let generatedColumn = 0
    for (const fields of text.split(',').map(decodeFields)) {
      generatedColumn += fields[0] ?? 0
      // A segment of one field says that what follows has no source.
      if (fields.length >= 4) {
        source += fields[1]!
        sourceLine += fields[2]!
        sourceColumn += fields[3]!
        segments.push({
          generatedLine,
          generatedColumn,
          source,
          line: sourceLine,
          column: sourceColumn,
        })
      }
    }
  })
  return segments
}

/** Base-64 digits of 5 bits each, the sixth says that more follow; the lowest bit of a number is its sign. */
function decodeFields(text: string): number[] {
  const fields: number[] = []
  let value = 0
  let shift = 0
  for (const character of text) {
    const digit = VALUES.get(character) ?? 0
    value |= (digit & 31) << shift
    if (digit & 32) {
      shift += 5
    } else {
      fields.push(value & 1 ? -(value >>> 1) : value >>> 1)
      value = 0
      shift = 0
    }
  }
  return fields
}

function resolve(source: string, url: string): string {
  try {
    return new URL(source, url).href
  } catch {
    return source
  }
}
