import type { SourceMapInput } from '@jridgewell/trace-mapping'
import {
  FlattenMap,
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping'
import type { SourcePosition } from '../adapter.ts'
import { filePathOf } from '../normalize/paths.ts'
import { parseMap } from './map-comment.ts'
import type { MapFields, MapHead } from './map-json.ts'
import { fieldsOf, fieldsOfObject } from './map-json.ts'
import type { MapSection } from './map-sections.ts'
import { sectionAt, splitMappings } from './map-sections.ts'

/** A position that a map leads to, with the name it has there, if the map says so. */
export interface MappedPosition extends SourcePosition {
  name?: string
}

/** The fields of a source map of version 3 that are read here. */
export interface RawSourceMap {
  version?: number | string
  mappings?: string
  names?: readonly string[]
  sources?: readonly (string | null)[]
  sourcesContent?: readonly (string | null)[]
  sourceRoot?: string | null
  sections?: readonly unknown[] | null
}

/** Decoded sections kept of one map while a report is made, in many small objects each. */
const MAX_DECODED = 256

/** Leads from what runs to what was written, and back. Lines and columns are counted from 1. */
export class MapReader {
  /** Says what the sources are. It has the mappings only where there are no sections. */
  readonly #map: TraceMap
  readonly #sections: readonly MapSection[]
  readonly #decoded = new Map<number, TraceMap>()
  readonly #content: MapFields['content']
  /** The positions of the sources in the map by their paths: a map may name one more than once. */
  readonly #indices = new Map<string, number[]>()

  private constructor(
    map: TraceMap,
    sections: readonly MapSection[],
    content: MapFields['content']
  ) {
    this.#map = map
    this.#sections = sections
    this.#content = content
    for (const [i, source] of map.resolvedSources.entries()) {
      const path = filePathOf(source)
      const indices = this.#indices.get(path)
      if (indices) {
        indices.push(i)
      } else {
        this.#indices.set(path, [i])
      }
    }
  }

  /**
   * Reads a map.
   *
   * @param map The bytes of its JSON, or what they hold.
   * @param url Where it is, or the script that holds it: sources are named relative to that.
   * @throws When it is not a source map.
   */
  static async read(
    map: Uint8Array | RawSourceMap,
    url: string,
    breathe: () => Promise<void>
  ): Promise<MapReader> {
    const isText = map instanceof Uint8Array
    const fields = isText ? fieldsOf(map) : isMadeOfOthers(map) ? undefined : fieldsOfObject(map)
    if (!fields) {
      return MapReader.whole((isText ? parseMap(map) : map) as RawSourceMap, url)
    }
    const { head, mappings, content } = fields
    if (!mappings || !Array.isArray(head.sources)) {
      throw new Error('it has no mappings or no sources')
    }
    return new MapReader(traceMap(head, '', url), await splitMappings(mappings, breathe), content)
  }

  /** Reads a map of moderate size, or one made of others, at once. */
  static whole(json: RawSourceMap, url: string): MapReader {
    const input = json as unknown as SourceMapInput
    const map = isMadeOfOthers(json) ? new FlattenMap(input, url) : new TraceMap(input, url)
    return new MapReader(map, [], (index) => map.sourcesContent?.[index] ?? undefined)
  }

  /**
   * The source of a position: of the last mapped position on its line up to it, else of the first one on the line;
   * undefined when nothing on the line is mapped.
   */
  original(line: number, column: number): MappedPosition | undefined {
    if (line < 1) {
      return undefined
    }
    return this.#find(line, column) ?? this.#find(line, column, LEAST_UPPER_BOUND)
  }

  /**
   * Where a position of a source stands in what runs; undefined when nothing of its line does. Only of a map that was
   * read as a whole.
   */
  generated({ file, line, column }: SourcePosition): { line: number; column: number } | undefined {
    const needle = { source: file, line, column: Math.max(column - 1, 0) }
    const below = generatedPositionFor(this.#map, needle)
    const found =
      below.line === null
        ? generatedPositionFor(this.#map, { ...needle, bias: LEAST_UPPER_BOUND })
        : below
    return found.line === null ? undefined : { line: found.line, column: found.column + 1 }
  }

  /**
   * The text of a source, where the map holds it.
   *
   * @param file Its path or URL.
   */
  content(file: string): string | undefined {
    for (const index of this.#indices.get(filePathOf(file)) ?? []) {
      const text = this.#content(index)
      if (text !== undefined) {
        return text
      }
    }
    return undefined
  }

  /** Lets go of what was decoded: recordings start later the more objects there are. */
  release(): void {
    this.#decoded.clear()
  }

  #find(line: number, column: number, bias?: typeof LEAST_UPPER_BOUND): MappedPosition | undefined {
    const at = Math.max(column - 1, 0)
    const index = sectionAt(this.#sections, line - 1, at)
    const offset = (this.#sections[index]?.line ?? 1) - 1
    const needle = { line: line - offset, column: at }
    const { source, ...found } = originalPositionFor(
      this.#section(index),
      bias === undefined ? needle : { ...needle, bias }
    )
    if (source === null) {
      return undefined
    }
    const position = { file: source, line: found.line!, column: found.column! + 1 }
    return found.name === null ? position : { ...position, name: found.name }
  }

  #section(index: number): TraceMap {
    if (this.#sections.length === 0) {
      return this.#map
    }
    let section = this.#decoded.get(index)
    if (!section) {
      section = traceMap({}, this.#sections[index]!.mappings())
      // Given to the constructor, each section would resolve all of them again.
      section.resolvedSources = this.#map.resolvedSources
      section.names = this.#map.names
      if (this.#decoded.size >= MAX_DECODED) {
        this.#decoded.delete(this.#decoded.keys().next().value!)
      }
      this.#decoded.set(index, section)
    }
    return section
  }
}

function isMadeOfOthers({ sections }: RawSourceMap): boolean {
  return Array.isArray(sections)
}

function traceMap(
  { sources = [], names = [], sourceRoot }: MapHead,
  mappings: string,
  url?: string
): TraceMap {
  const map = { version: 3 as const, sources: [...sources], names: [...names], mappings }
  return new TraceMap(sourceRoot ? { ...map, sourceRoot } : map, url)
}
