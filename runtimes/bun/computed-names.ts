/** Names of functions that only the running program knows: `{ [key]() {} }`. By the place of the function. */
const names = new Map<string, string>()

/** Where a function begins: line and column from 1. */
export function placeKey(path: string, line: number, column: number): string {
  return `${path}:${line}:${column}`
}

/** Notes what the key of a function was computed to, and gives the key. */
export function noteComputedName(place: string, key: unknown): unknown {
  if (typeof key === 'symbol') {
    names.set(place, `[${key.description ?? ''}]`)
  } else if (typeof key === 'string' || typeof key === 'number') {
    names.set(place, String(key))
  }
  return key
}

/** The name that a computed key gave last; empty when it is not known. */
export function computedName(place: string): string {
  return names.get(place) ?? ''
}
