/**
 * Reads a source map out of its JSON without making an object of all of it: most of a large map is mappings, which are
 * read as bytes, and the text of sources, of which few are asked for.
 */

import type { RawSourceMap } from './map-reader.ts'

/** What a map says, apart from its mappings and the text of its sources. */
export type MapHead = Pick<RawSourceMap, 'sources' | 'names' | 'sourceRoot'>

/** A source map of version 3 that is not made of others. */
export interface MapFields {
  head: MapHead
  /** The characters of `mappings`: they are ASCII. */
  mappings: Uint8Array | undefined
  /** The text of a source by its position in `sources`, where the map holds it. */
  content: (index: number) => string | undefined
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** Where a value begins in the JSON, and the comma or bracket after it. */
interface Range {
  start: number
  end: number
}

/**
 * Finds the fields of a map in its JSON; undefined when it is made of others. What stands before the object is not
 * looked at: some tools put something there so that browsers do not run it.
 *
 * @throws SyntaxError When it is not JSON.
 */
export function fieldsOf(json: Uint8Array): MapFields | undefined {
  const members = membersOf(json, json.indexOf(OPEN_OBJECT))
  const sections = members.get('sections')
  if (sections && json[sections.start] === OPEN_LIST) {
    return undefined
  }
  const valueOf = (name: string): unknown => {
    const range = members.get(name)
    return range && valueAt(json, range)
  }
  const contents = members.get('sourcesContent')
  const texts = contents && json[contents.start] === OPEN_LIST ? elementsOf(json, contents) : []
  const [sources, names, sourceRoot] = ['sources', 'names', 'sourceRoot'].map(valueOf)
  return {
    head: { sources, names, sourceRoot } as MapHead,
    mappings: bytesOf(json, members.get('mappings')),
    content: (index) => textAt(json, texts[index]),
  }
}

/** The same of a map that is an object. */
export function fieldsOfObject(map: RawSourceMap): MapFields {
  const { mappings, sourcesContent } = map
  return {
    head: map,
    mappings: typeof mappings === 'string' ? new TextEncoder().encode(mappings) : undefined,
    content: (index) => sourcesContent?.[index] ?? undefined,
  }
}

function valueAt(json: Uint8Array, { start, end }: Range): unknown {
  return JSON.parse(new TextDecoder().decode(json.subarray(start, end)))
}

function textAt(json: Uint8Array, range: Range | undefined): string | undefined {
  try {
    const text = range && valueAt(json, range)
    return typeof text === 'string' ? text : undefined
  } catch {
    // One text that cannot be read takes nothing from the rest of the map.
    return undefined
  }
}

/** The bytes of a string. */
function bytesOf(json: Uint8Array, range: Range | undefined): Uint8Array | undefined {
  if (!range || json[range.start] !== QUOTE) {
    return undefined
  }
  const bytes = json.subarray(range.start + 1, endOfString(json, range.start) - 1)
  return bytes.includes(BACKSLASH) ? new TextEncoder().encode(String(valueAt(json, range))) : bytes
}

/** The members of the object that begins at a position. */
function membersOf(json: Uint8Array, start: number): Map<string, Range> {
  const members = new Map<string, Range>()
  let at = skipSpace(json, start + 1)
  while (json[at] !== CLOSE_OBJECT) {
    const colon = skipSpace(json, json[at] === QUOTE ? endOfString(json, at) : json.length)
    const key = valueAt(json, { start: at, end: colon })
    const range = rangeFrom(json, json[colon] === COLON ? colon + 1 : json.length)
    members.set(String(key), range)
    at = skipSpace(json, json[range.end] === COMMA ? range.end + 1 : range.end)
  }
  return members
}

function elementsOf(json: Uint8Array, list: Range): Range[] {
  const elements: Range[] = []
  let at = skipSpace(json, list.start + 1)
  while (json[at] !== CLOSE_LIST) {
    const range = rangeFrom(json, at)
    elements.push(range)
    at = skipSpace(json, json[range.end] === COMMA ? range.end + 1 : range.end)
  }
  return elements
}

function rangeFrom(json: Uint8Array, from: number): Range {
  const start = skipSpace(json, from)
  let depth = 0
  for (let at = start; at < json.length; at++) {
    const code = json[at]!
    if (code === QUOTE) {
      at = endOfString(json, at) - 1
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth++
    } else if (depth === 0 && (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT)) {
      if (at === start) {
        break
      }
      return { start, end: at }
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--
    }
  }
  throw notJson()
}

/** The position after a string that begins at a quote. */
function endOfString(json: Uint8Array, start: number): number {
  let end = json.indexOf(QUOTE, start + 1)
  while (end >= 0 && isEscaped(json, end)) {
    end = json.indexOf(QUOTE, end + 1)
  }
  if (end < 0) {
    throw notJson()
  }
  return end + 1
}

function isEscaped(json: Uint8Array, at: number): boolean {
  let first = at
  while (json[first - 1] === BACKSLASH) {
    first--
  }
  return (at - first) % 2 === 1
}

/** The position of the next character that is no white space. */
function skipSpace(json: Uint8Array, from: number): number {
  let at = from
  while (json[at]! <= 32) {
    at++
  }
  if (at >= json.length) {
    throw notJson()
  }
  return at
}

function notJson(): SyntaxError {
  return new SyntaxError('it is not JSON')
}
