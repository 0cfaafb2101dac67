import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { View } from './view.ts'

/** The ids of a view's tab and panel name each other. */
export const tabId = (view: View): string => `tab-${view.name}`
export const panelId = (view: View): string => `panel-${view.name}`

interface TabsProps {
  views: readonly View[]
  current: View
  onOpen: (view: View) => void
}

/** One tab for each view; Left, Right, Home and End move between them. */
export function Tabs({ views, current, onOpen }: TabsProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent) => {
    const to = tabAfter(event.key, views.indexOf(current), views.length)
    if (to !== undefined) {
      event.preventDefault()
      onOpen(views[to]!)
      document.getElementById(tabId(views[to]!))?.focus()
    }
  }
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {views.map((view) => (
        <button
          type="button"
          role="tab"
          id={tabId(view)}
          aria-selected={String(view === current)}
          aria-controls={view === current ? panelId(view) : undefined}
          tabindex={view === current ? 0 : -1}
          onClick={() => {
            onOpen(view)
          }}
        >
          {view.label}
        </button>
      ))}
    </div>
  )
}

function tabAfter(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count
    case 'ArrowLeft':
      return (index - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
