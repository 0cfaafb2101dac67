import type { JSX } from 'hono/jsx/dom/jsx-runtime'

/** What the pointer is over, and where, in CSS pixels from the chart's corner. */
export interface Hover {
  name: string
  /** A line each. */
  facts: readonly string[]
  place: string
  x: number
  y: number
}

/** Names what is under the pointer. */
export function Tooltip({ hover }: { hover: Hover }): JSX.Element {
  const { name, facts, place, x, y } = hover
  // Beside the pointer, on the side where there is room.
  const side = x < innerWidth / 2 ? { left: `${x + 14}px` } : { right: `calc(100% - ${x - 14}px)` }
  return (
    <div class="tooltip" style={{ ...side, top: `${y + 16}px` }} aria-hidden="true">
      <b>{name}</b>
      {facts.map((fact) => (
        <span>{fact}</span>
      ))}
      <span class="tooltip-file">{place}</span>
    </div>
  )
}
