import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { milliseconds } from '../../render/text.ts'
import type { Frame } from '../../session/frame.ts'
import { frameName, location } from '../format.ts'

/** What the pointer is over, and where, in CSS pixels from the chart's corner. */
export interface Hover {
  frame: Frame
  x: number
  y: number
}

/** Names the box under the pointer. */
export function Tooltip({ hover, duration }: { hover: Hover; duration: number }): JSX.Element {
  const { frame, x, y } = hover
  const ms = (time: number) => milliseconds(time, duration)
  // Beside the pointer, on the side where there is room.
  const side = x < innerWidth / 2 ? { left: `${x + 14}px` } : { right: `calc(100% - ${x - 14}px)` }
  return (
    <div class="tooltip" style={{ ...side, top: `${y + 16}px` }} aria-hidden="true">
      <b>{frameName(frame)}</b>
      <span>
        {ms(frame.time)}
        {!frame.isSynthetic && `, self ${ms(frame.totalSelfTime)}`}
      </span>
      <span class="tooltip-file">{location(frame.record)}</span>
    </div>
  )
}
