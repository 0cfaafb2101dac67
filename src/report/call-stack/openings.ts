import type { Frame } from '../../session/frame.ts'
import { walk } from '../../session/frame.ts'
import type { Openings, Row } from './rows.ts'

/** Opens or closes a row, or with `recursive` everything below it as well. */
export function setOpen(
  openings: Openings,
  row: Row,
  open: boolean,
  recursive: boolean,
  ids: Map<Frame, number>
): Openings {
  const next = new Map(openings.open)
  for (const frame of recursive ? walk(row.frame) : [row.frame]) {
    next.set(ids.get(frame)!, open)
  }
  return { ...openings, open: next }
}

/** Shows the library frames that a row holds, or folds them again. */
export function toggleFold(openings: Openings, row: Row): Openings {
  const unfolded = new Set(openings.unfolded)
  if (!unfolded.delete(row.id)) {
    unfolded.add(row.id)
  }
  return { ...openings, unfolded }
}

/** Opens what hides a frame: its closed callers, and the group it is folded into. */
export function reveal(openings: Openings, target: Frame, ids: Map<Frame, number>): Openings {
  const open = new Map(openings.open)
  const unfolded = new Set(openings.unfolded)
  for (let frame = target.parent; frame; frame = frame.parent) {
    open.set(ids.get(frame)!, true)
  }
  if (target.group && target.group.root !== target) {
    unfolded.add(ids.get(target.group.root)!)
  }
  return { ...openings, open, unfolded }
}
