import type { Frame } from '../session/frame.ts'
import { walk } from '../session/frame.ts'
import { functionKey } from '../session/identity.ts'
import type { SessionData } from '../session/records.ts'

/** Equal for frames, also of different trees, that stand for the same function or the same state. */
export function callKey(frame: Pick<Frame, 'isSynthetic' | 'function' | 'record'>): string {
  return frame.isSynthetic ? frame.function : functionKey(frame.record)
}

/**
 * Finds the place of a frame of another tree in this one: the frame with the same callers. Callers that this
 * tree leaves out are passed over; when it leaves out the frame itself, its nearest caller stands for it.
 */
export function findSamePlace(root: Frame, target: Frame): Frame {
  const path: string[] = []
  for (let frame = target; frame.parent; frame = frame.parent) {
    path.push(callKey(frame))
  }
  let place = root
  for (const key of path.reverse()) {
    place = place.children.find((child) => callKey(child) === key) ?? place
  }
  return place
}

/** The frame with the most time among those with a `callKey`; undefined when the tree has none. */
export function findLargest(root: Frame, key: string): Frame | undefined {
  let largest: Frame | undefined
  for (const frame of walk(root)) {
    if (frame.time > (largest?.time ?? -1) && callKey(frame) === key) {
      largest = frame
    }
  }
  return largest
}

/**
 * The stack entries that a frame stands for, one for each line that its callers and it were executing. A processed tree
 * leaves out callers, so they need only be on the stack in their order; the stacks with fewest others between are meant.
 * Of a recursive function the outermost counts.
 */
export function entriesOf({ stacks, functions }: SessionData, target: Frame): number[] {
  const path: string[] = []
  for (let frame = target; frame.parent; frame = frame.parent) {
    path.push(callKey(frame))
  }
  path.reverse()
  const keys = functions.map(functionKey)
  const matched = new Uint32Array(stacks.parent.length)
  const others = new Uint32Array(stacks.parent.length)
  let fewest = Infinity
  let entries: number[] = []
  for (let entry = 0; entry < matched.length; entry++) {
    const parent = stacks.parent[entry]!
    const above = parent < 0 ? 0 : matched[parent]!
    const isNext = path[above] === keys[stacks.function[entry]!]
    matched[entry] = isNext ? above + 1 : above
    others[entry] = (parent < 0 ? 0 : others[parent]!) + (isNext ? 0 : 1)
    if (isNext && above + 1 === path.length && others[entry]! <= fewest) {
      if (others[entry]! < fewest) {
        fewest = others[entry]!
        entries = []
      }
      entries.push(entry)
    }
  }
  return entries
}
