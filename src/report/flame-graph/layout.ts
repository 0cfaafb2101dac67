import type { Frame } from '../../session/frame.ts'

/** A frame of the flame graph that is wide enough to be seen, in CSS pixels. */
export interface FlameBox {
  frame: Frame
  depth: number
  left: number
  right: number
}

/** Narrower frames are not drawn, nor is what they call, which is no wider. */
const MIN_WIDTH = 0.5

/** Puts the heaviest calls first, at every level; what a frame did itself stands behind its calls. */
export function sortHeaviestFirst(root: Frame): Frame {
  const pending = [root]
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    frame.children.sort((a, b) => Number(a.isSynthetic) - Number(b.isSynthetic) || b.time - a.time)
    pending.push(...frame.children)
  }
  return root
}

/** Callers of a frame, outermost first, itself included. */
export function lineage(frame: Frame): Frame[] {
  const frames: Frame[] = []
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    frames.push(at)
  }
  return frames.reverse()
}

/** What a frame did itself on the processor is no box: it is where a frame has nothing below it. */
export function isDrawn(frame: Frame): boolean {
  return !frame.isSynthetic || frame.function !== '[self]'
}

/** The boxes of a tree in which `focus` takes the whole width, as do its callers. */
export function layOutFlames(focus: Frame, width: number): FlameBox[] {
  const boxes: FlameBox[] = []
  const callers = lineage(focus)
  for (const [depth, frame] of callers.entries()) {
    boxes.push({ frame, depth, left: 0, right: width })
  }
  const scale = focus.time > 0 ? width / focus.time : 0
  for (let next = callers.length - 1; next < boxes.length; next++) {
    const { frame, depth, left } = boxes[next]!
    let at = left
    for (const child of frame.children) {
      const right = at + child.time * scale
      if (right - at >= MIN_WIDTH && isDrawn(child)) {
        boxes.push({ frame: child, depth: depth + 1, left: at, right })
      }
      at = right
    }
  }
  return boxes
}

/** The deepest level of a tree; 0 for the root alone. */
export function depthOf(root: Frame): number {
  let deepest = 0
  const pending: [frame: Frame, depth: number][] = [[root, 0]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [frame, depth] = next
    deepest = Math.max(deepest, depth)
    for (const child of frame.children) {
      if (isDrawn(child)) {
        pending.push([child, depth + 1])
      }
    }
  }
  return deepest
}
