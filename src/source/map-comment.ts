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
 * The bytes of a map's JSON in a `data:` URL; undefined for any other address.
 *
 * @throws When the URL holds no JSON, or it cannot be decoded.
 */
export function inlineMap(address: string): Uint8Array | undefined {
  if (!address.startsWith('data:')) {
    return undefined
  }
  const comma = address.indexOf(',')
  const head = address.slice(0, comma)
  if (comma < 0 || !/^data:application\/(source-map\+)?json\b/.test(head)) {
    throw new Error(`it is ${head.slice(0, 60)}, not JSON`)
  }
  const data = address.slice(comma + 1)
  return head.endsWith(';base64')
    ? decodeBase64(data)
    : new TextEncoder().encode(decodeURIComponent(data))
}

function decodeBase64(text: string): Uint8Array {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = characters.charCodeAt(i)
  }
  return bytes
}

/** Some tools put this before the JSON, so that browsers do not run it. */
const GUARD = /^\)\]\}'[^\n]*\n/

/** @throws SyntaxError When it is not JSON. */
export function parseMap(json: Uint8Array): unknown {
  const text = new TextDecoder().decode(json)
  return JSON.parse(text.startsWith(')') ? text.replace(GUARD, '') : text)
}
