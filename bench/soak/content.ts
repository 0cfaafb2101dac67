/** What the application of the soak answers: a function of the request's number, so that every body can be checked. */

export interface Row {
  id: number
  name: string
  price: number
}

/** Rows of a JSON answer: 1 to 40 of them. */
export function rowsOf(id: number): Row[] {
  return Array.from({ length: 1 + (id % 40) }, (_, i) => ({
    id: id * 100 + i,
    name: `article ${id}-${i}`,
    price: ((id * 31 + i * 17) % 10_000) / 100,
  }))
}

/** The parts of a body that streams: 1 to 6 of them. */
export function partsOf(id: number): string[] {
  return Array.from({ length: 1 + (id % 6) }, (_, i) => `part ${id}-${i}\n`)
}

/** A text that compresses well, of 2 to 40 kB. */
export function textOf(id: number): string {
  return `line of request ${id}\n`.repeat(100 + (id % 1900))
}
