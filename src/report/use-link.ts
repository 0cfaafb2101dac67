import { useEffect, useRef, useState } from 'hono/jsx/dom'
import type { PageLink } from './link.ts'
import { linkHash, parseLink } from './link.ts'

/** Milliseconds without a change after which the hash follows: browsers refuse more than about three writes a second. */
const QUIET = 200

export interface LinkState {
  link: PageLink
  /** Changes the state, and the hash after it; with `step`, the browser's Back undoes the change. */
  change: (change: PageLink, step?: boolean) => void
}

/** Keeps the state that links carry, in step with the URL's hash. `onArrive` is called when the reader follows another link. */
export function useLink(onArrive: (link: PageLink) => void): LinkState {
  const [link, setLink] = useState(() => parseLink(location.hash))
  const current = useRef(link)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const show = (next: PageLink) => {
    current.current = next
    setLink(next)
  }
  useEffect(() => {
    const arrive = () => {
      clearTimeout(timer.current)
      const next = parseLink(location.hash)
      show(next)
      onArrive(next)
    }
    addEventListener('hashchange', arrive)
    return () => {
      removeEventListener('hashchange', arrive)
    }
  }, [])
  const change = (part: PageLink, step = false) => {
    show({ ...current.current, ...part })
    clearTimeout(timer.current)
    if (step) {
      writeHash(current.current, 'pushState')
    } else {
      timer.current = setTimeout(() => {
        writeHash(current.current, 'replaceState')
      }, QUIET)
    }
  }
  return { link, change }
}

function writeHash(link: PageLink, how: 'pushState' | 'replaceState'): void {
  const hash = linkHash(link)
  if (hash === location.hash) {
    return
  }
  try {
    history[how](null, '', hash || location.pathname + location.search)
  } catch {
    // Refused to sandboxed pages; the report works without links.
  }
}
