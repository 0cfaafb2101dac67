/** Finds source maps by the comments that name them. */

const COMMENT = /^[ \t]*(?:\/\/|\/\*)[#@][ \t]*sourceMappingURL=(\S+?)[ \t]*(?:\*\/)?[ \t\r]*$/gm

/** The address of a script's source map, as the last such comment has it; undefined when there is none. */
export function mapAddress(text: string): string | undefined {
  const start = text.lastIndexOf('sourceMappingURL=')
  if (start < 0) {
    return undefined
  }
  const lineStart = text.lastIndexOf('\n', start) + 1
  return [...text.slice(lineStart).matchAll(COMMENT)].at(-1)?.[1]
}

/**
 * The map's JSON in a `data:` URL; undefined for any other address.
 *
 * @throws When the URL holds no JSON, or it cannot be decoded.
 */
export function inlineMap(address: string): string | undefined {
  if (!address.startsWith('data:')) {
    return undefined
  }
  const comma = address.indexOf(',')
  const head = address.slice(0, comma)
  if (comma < 0 || !/^data:application\/(source-map\+)?json\b/.test(head)) {
    throw new Error(`it is ${head.slice(0, 60)}, not JSON`)
  }
  const data = address.slice(comma + 1)
  if (!head.endsWith(';base64')) {
    return decodeURIComponent(data)
  }
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}

/** Some tools put this before the JSON, so that browsers do not run it. */
const GUARD = /^\)\]\}'[^\n]*\n/

/** @throws SyntaxError When it is not JSON. */
export function parseMap(text: string): unknown {
  return JSON.parse(text.startsWith(')') ? text.replace(GUARD, '') : text)
}
