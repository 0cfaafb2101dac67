import type { SourcePosition } from '../../src/adapter.ts'
import type { RawSourceMap } from '../../src/source/map-reader.ts'
import { MapReader } from '../../src/source/map-reader.ts'
import type { ScriptCoverage } from './sampler.ts'

/** A position in a script, from 1. */
export interface Position {
  line: number
  column: number
}

/** A function of a script: where it begins, by its first token, and its name as V8 infers it. */
export interface ScriptFunction extends Position {
  name: string
}

interface Extent {
  name: string
  start: number
  end: number
}

/** Deno writes a line about its cache after the map. */
const INLINE_MAP =
  /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*(?:\n|$)/

/** A script as V8 runs it: its text, its functions, and the map to what the user wrote. */
export class Script {
  readonly #text: string
  readonly #lineStarts: number[] = [0]
  readonly #functions: Extent[]
  readonly #url: string
  readonly #map: MapReader | undefined

  constructor(url: string, text: string, functions: ScriptCoverage['functions']) {
    this.#url = url
    this.#text = text
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1)
    }
    this.#functions = functions.map(({ functionName, ranges: [range] }) => ({
      name: functionName,
      start: range?.startOffset ?? 0,
      end: range?.endOffset ?? 0,
    }))
    const map = INLINE_MAP.exec(text)?.[1]
    this.#map = map ? MapReader.whole(parseBase64(map), url) : undefined
  }

  /** What the user wrote for a position; undefined where it is the same. */
  original({ line, column }: Position): SourcePosition | undefined {
    return this.#map?.original(line, column)
  }

  /** Where what the user wrote stands in the text that runs; the position itself when it is not known. */
  generated({ line, column }: Position): Position {
    return this.#map?.generated({ file: this.#url, line, column }) ?? { line, column }
  }

  /** The column where the code of a line begins, from 1. */
  indentOf(line: number): number {
    const start = this.#lineStarts[line - 1] ?? this.#text.length
    return 1 + (/^[\t ]*/.exec(this.#text.slice(start, start + 200))?.[0].length ?? 0)
  }

  /**
   * The innermost function around a position.
   *
   * @param name What it is called, when that is known; functions with other names are left out.
   */
  functionAround(position: Position, name: string): ScriptFunction | undefined {
    const at = this.#offsetOf(position)
    let best: Extent | undefined
    for (const extent of this.#functions) {
      const isAround = extent.start <= at && at < extent.end
      const isNamed = name === '' || extent.name === name || extent.name.endsWith(`.${name}`)
      if (isAround && isNamed && (!best || extent.start >= best.start)) {
        best = extent
      }
    }
    return best && { name: best.name, ...this.#positionOf(best.start) }
  }

  #offsetOf({ line, column }: Position): number {
    return (this.#lineStarts[line - 1] ?? this.#text.length) + Math.max(column - 1, 0)
  }

  #positionOf(offset: number): Position {
    const after = this.#lineStarts.findIndex((start) => start > offset)
    const line = after < 0 ? this.#lineStarts.length : after
    return { line, column: offset - this.#lineStarts[line - 1]! + 1 }
  }
}

function parseBase64(text: string): RawSourceMap {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return JSON.parse(new TextDecoder().decode(bytes)) as RawSourceMap
}
