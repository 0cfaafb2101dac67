import { useEffect, useRef } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { milliseconds, percent } from '../../render/text.ts'
import type { Found, Search } from './search.ts'

interface SearchBoxProps {
  text: string
  search: Search
  found: Found | undefined
  /** Milliseconds of the whole request. */
  duration: number
  onSearch: (text: string) => void
  /** Goes to the next function that matches, or to the one before. */
  onStep: (by: 1 | -1) => void
}

/** Searches all views. `/` comes here from anywhere, Enter goes from match to match, Escape ends the search. */
export function SearchBox(props: SearchBoxProps): JSX.Element {
  const { text, search, found, duration, onSearch, onStep } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).matches('input, textarea, select')
      if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        input.current?.focus()
      }
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      onStep(event.shiftKey ? -1 : 1)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      onSearch('')
    }
  }
  return (
    <div class="search" role="search">
      <input
        ref={input}
        type="search"
        value={text}
        placeholder="Search: name, file or /expression/"
        aria-label="Search names and files"
        aria-keyshortcuts="/"
        aria-invalid={search.error === undefined ? undefined : 'true'}
        aria-describedby="search-result"
        spellcheck={false}
        autocomplete="off"
        onInput={(event: Event) => {
          onSearch((event.target as HTMLInputElement).value)
        }}
        onKeyDown={onKeyDown}
      />
      <output id="search-result" class={search.error === undefined ? '' : 'search-error'}>
        {search.error ?? (found ? foundText(found, duration) : '')}
      </output>
    </div>
  )
}

function foundText({ functions, time }: Found, duration: number): string {
  const count = functions.length
  return count === 0
    ? 'no match'
    : `${count.toLocaleString('en-US')} ${count === 1 ? 'match' : 'matches'}, ${milliseconds(time, duration)}, ${percent(time, duration)}`
}
