/** A path as a `file:` URL, which tools of other makers open; URLs, and names of a runtime's modules, stay. */
export function fileUrl(file: string): string {
  const isDrivePath = /^[A-Za-z]:\//.test(file)
  if (!isDrivePath && !file.startsWith('/')) {
    return file
  }
  const path = encodeURI(file.replace(LONE_SURROGATES, '\ufffd'))
  return `file://${isDrivePath ? '/' : ''}${path.replace(/[?#]/g, encodeURIComponent)}`
}

/** Halves of a character, which no URL can hold. */
const LONE_SURROGATES = /\p{Cs}/gu
