import type { Frame } from '../../session/frame.ts'
import { walk } from '../../session/frame.ts'
import { callKey } from '../places.ts'

/** A line of the call-stack view. */
export interface Row {
  frame: Frame
  /** Names the frame's place in the tree, also after the tree was built anew with other options. */
  id: number
  depth: number
  /** Index of the caller's row; -1 for the root. */
  parent: number
  /** From 1, among the `siblings` frames with the same caller. */
  position: number
  siblings: number
  /** Whether the frames below are shown; undefined when there are none. */
  open: boolean | undefined
  /** How many library frames are folded into this row. */
  folded: number
  /** Whether this row is the first of a group that could be folded. */
  foldable: boolean
}

/** What the reader opened and closed, by row id. Everything else is as `fallback` says. */
export interface Openings {
  fallback: 'auto' | 'all' | 'none'
  open: ReadonlyMap<number, boolean>
  unfolded: ReadonlySet<number>
}

export const initialOpenings: Openings = { fallback: 'auto', open: new Map(), unfolded: new Set() }

/** Below this share of the request a frame is closed at first, so that a long tail does not hide the rest. */
const AUTO_OPEN_SHARE = 0.02

/** Numbers places in the tree: equal paths of functions have equal numbers, in every tree of a session. */
export type PlaceIds = (root: Frame) => Map<Frame, number>

export function createPlaceIds(): PlaceIds {
  const numbers = new Map<string, number>()
  const numberOf = (key: string) => {
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  }
  return (root) => {
    const ids = new Map([[root, numberOf('')]])
    for (const frame of walk(root)) {
      if (frame !== root) {
        ids.set(frame, numberOf(`${ids.get(frame.parent!)} ${numberOf(callKey(frame))}`))
      }
    }
    return ids
  }
}

/** The rows to show, top to bottom. Iterative, since stacks can be thousands of frames deep. */
export function buildRows(root: Frame, ids: Map<Frame, number>, openings: Openings): Row[] {
  const rows: Row[] = []
  const pending: Row[] = [newRow(root, ids, -1, 0, 1, 1)]
  for (let row = pending.pop(); row; row = pending.pop()) {
    const index = rows.push(row) - 1
    const { frame, depth } = row
    const isGroupRoot = frame.group?.root === frame
    const isFolded = isGroupRoot && !openings.unfolded.has(row.id)
    const children = isFolded ? childrenOutsideGroup(frame) : frame.children
    row.foldable = isGroupRoot
    row.folded = isFolded ? frame.group!.frames.length - 1 : 0
    row.open = children.length > 0 ? isOpen(row, root, openings) : undefined
    if (row.open) {
      for (let i = children.length - 1; i >= 0; i--) {
        pending.push(newRow(children[i]!, ids, index, depth + 1, i + 1, children.length))
      }
    }
  }
  return rows
}

function newRow(
  frame: Frame,
  ids: Map<Frame, number>,
  parent: number,
  depth: number,
  position: number,
  siblings: number
): Row {
  const id = ids.get(frame)!
  return {
    frame,
    id,
    depth,
    parent,
    position,
    siblings,
    open: undefined,
    folded: 0,
    foldable: false,
  }
}

function isOpen(row: Row, root: Frame, { fallback, open }: Openings): boolean {
  const byDefault =
    fallback === 'auto' ? row.frame.time >= root.time * AUTO_OPEN_SHARE : fallback === 'all'
  return open.get(row.id) ?? byDefault
}

/** What a folded group shows: the frames that its frames call and that do not belong to it. */
function childrenOutsideGroup(root: Frame): Frame[] {
  const outside: Frame[] = []
  const pending = [root]
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    for (const child of frame.children) {
      ;(child.group === root.group ? pending : outside).push(child)
    }
  }
  return outside.sort((a, b) => b.time - a.time)
}
