/** What a link to this report shows: the part of the page's state that stands in the hash of its URL. */
export interface PageLink {
  /** The name of a view. */
  view?: string
  /** The selected frame, and the frame that the call tree is of, as place-links.ts writes them. */
  at?: string
  focus?: string
  search?: string
  /** The stretch of time in view, in milliseconds. */
  from?: number
  to?: number
  /** The finding whose evidence is marked, from 1 in the order of the page. */
  finding?: number
}

const TEXTS = ['view', 'at', 'focus', 'search'] as const
const NUMBERS = ['from', 'to', 'finding'] as const

/** Reads a hash; what it does not say, or not in a way that can be read, is left out. */
export function parseLink(hash: string): PageLink {
  const said = new URLSearchParams(hash.replace(/^#/, ''))
  const link: PageLink = {}
  for (const name of TEXTS) {
    const text = said.get(name)
    if (text) {
      link[name] = text
    }
  }
  for (const name of NUMBERS) {
    const number = Number.parseFloat(said.get(name) ?? '')
    if (number >= 0 && Number.isFinite(number)) {
      link[name] = number
    }
  }
  return link
}

/** The hash that `parseLink` reads, with its `#`; empty when there is nothing to say. */
export function linkHash(link: PageLink): string {
  const said = new URLSearchParams()
  for (const name of TEXTS) {
    if (link[name]) {
      said.set(name, link[name])
    }
  }
  for (const name of NUMBERS) {
    if (link[name] !== undefined) {
      said.set(name, String(Number(link[name].toFixed(3))))
    }
  }
  const text = said.toString()
  return text === '' ? '' : `#${text}`
}
