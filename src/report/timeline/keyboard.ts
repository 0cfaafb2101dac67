import type { Direction } from './navigate.ts'

/** What a key asks of the timeline. */
export type TimelineCommand =
  | { kind: 'zoom'; factor: number }
  /** Parts of what is in view, and lanes. */
  | { kind: 'pan'; views: number; lanes: number }
  | { kind: 'show-all' }
  | { kind: 'show-selected' }
  | { kind: 'deselect' }
  | { kind: 'move'; direction: Direction }

const ZOOM = 1.5
const PAN = 0.2

const COMMANDS: Readonly<Record<string, TimelineCommand>> = {
  '+': { kind: 'zoom', factor: 1 / ZOOM },
  '=': { kind: 'zoom', factor: 1 / ZOOM },
  '-': { kind: 'zoom', factor: ZOOM },
  '0': { kind: 'show-all' },
  ArrowLeft: { kind: 'pan', views: -PAN, lanes: 0 },
  ArrowRight: { kind: 'pan', views: PAN, lanes: 0 },
  ArrowUp: { kind: 'pan', views: 0, lanes: -1 },
  ArrowDown: { kind: 'pan', views: 0, lanes: 1 },
  Enter: { kind: 'show-selected' },
  Escape: { kind: 'deselect' },
}

const WITH_SHIFT: Readonly<Record<string, TimelineCommand>> = {
  ArrowLeft: { kind: 'move', direction: 'previous' },
  ArrowRight: { kind: 'move', direction: 'next' },
  ArrowUp: { kind: 'move', direction: 'caller' },
  ArrowDown: { kind: 'move', direction: 'callee' },
}

/** Reads a key; Shift with an arrow moves the selection. Keys of the browser are left to it. */
export function timelineCommand(event: KeyboardEvent): TimelineCommand | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return undefined
  }
  return (event.shiftKey ? WITH_SHIFT[event.key] : undefined) ?? COMMANDS[event.key]
}
