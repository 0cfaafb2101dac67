import type { Child } from 'hono/jsx'
import { useEffect, useRef } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'

/** What opens below a button, until the reader presses Escape or clicks elsewhere. */
export function Menu({ label, children }: { label: string; children?: Child }): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const element = menu.current!
    const onPointer = (event: PointerEvent) => {
      if (!element.contains(event.target as Node)) {
        element.open = false
      }
    }
    addEventListener('pointerdown', onPointer)
    return () => {
      removeEventListener('pointerdown', onPointer)
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && menu.current!.open) {
      menu.current!.open = false
      menu.current!.querySelector('summary')!.focus()
    }
  }
  return (
    <details class="menu" ref={menu} onKeyDown={onKeyDown}>
      <summary>{label}</summary>
      <div class="menu-content">{children}</div>
    </details>
  )
}
