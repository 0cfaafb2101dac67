import { createContext } from 'hono/jsx/dom'
import type { PageOptions } from './options.ts'
import { defaultOptions } from './options.ts'

/** What parts of the page at any depth use. */
export interface PageContext {
  options: PageOptions
  /** Finds the searched text in a name; undefined when nothing is searched for. */
  pattern: RegExp | undefined
  /** Tells the reader, and a screen reader, what was done. */
  say: (text: string) => void
}

export const PageContext: ReturnType<typeof createContext<PageContext>> =
  createContext<PageContext>({
    options: { ...defaultOptions },
    pattern: undefined,
    say: () => undefined,
  })
