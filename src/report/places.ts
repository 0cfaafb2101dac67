import type { Frame } from '../session/frame.ts'
import { walk } from '../session/frame.ts'
import { functionKey } from '../session/identity.ts'
import type { FunctionRecord } from '../session/records.ts'

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

/** The frame of a function with the most time; undefined when the tree has none. */
export function findLargest(root: Frame, record: FunctionRecord): Frame | undefined {
  const key = functionKey(record)
  let largest: Frame | undefined
  for (const frame of walk(root)) {
    if (frame.time > (largest?.time ?? -1) && callKey(frame) === key) {
      largest = frame
    }
  }
  return largest
}
