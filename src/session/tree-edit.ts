/** Edits of a call tree that keep its accounting: the time of every frame that stays is still explained. */

import { Frame } from './frame.ts'

/** Puts `children` under a frame in the place of those it has. */
export function setChildren(frame: Frame, children: readonly Frame[]): void {
  frame.children.length = 0
  for (const child of children) {
    frame.addChild(child)
  }
}

/** Keeps the children that `isKept` accepts; the time of the others becomes absorbed time. */
export function absorbChildren(frame: Frame, isKept: (child: Frame) => boolean): void {
  const kept: Frame[] = []
  for (const child of frame.children) {
    if (isKept(child)) {
      kept.push(child)
    } else {
      frame.absorbedTime += child.time
    }
  }
  if (kept.length < frame.children.length) {
    setChildren(frame, kept)
  }
}

/** Adds the times and children of `source` to `target`, which takes its place. */
export function mergeFrame(target: Frame, source: Frame): void {
  target.time += source.time
  target.absorbedTime += source.absorbedTime
  target.cpuTime += source.cpuTime
  target.awaitTime += source.awaitTime
  target.blockedTime += source.blockedTime
  target.gcTime += source.gcTime
  target.recursionDepth = Math.max(target.recursionDepth, source.recursionDepth)
  for (const child of source.children) {
    target.addChild(child)
  }
}

/**
 * Puts the children of each descendant that `isReplaced` accepts in its place, in their order. Looks at
 * children, and at the children of those it replaced; what such a frame had absorbed is absorbed by `frame`.
 */
export function replaceByChildren(frame: Frame, isReplaced: (child: Frame) => boolean): void {
  if (!frame.children.some(isReplaced)) {
    return
  }
  const kept: Frame[] = []
  const pending = [...frame.children].reverse()
  for (let child = pending.pop(); child; child = pending.pop()) {
    if (!isReplaced(child)) {
      kept.push(child)
      continue
    }
    frame.absorbedTime += child.absorbedTime
    for (let i = child.children.length - 1; i >= 0; i--) {
      pending.push(child.children[i]!)
    }
  }
  setChildren(frame, kept)
}

/** A synthetic leaf with the name and times of `leaf`, as a part of `holder`. */
export function leafOf(holder: Frame, leaf: Frame): Frame {
  const { file, fileShort, origin } = holder.record
  const copy = new Frame({ ...leaf.record, file, fileShort, origin }, true)
  mergeFrame(copy, leaf)
  return copy
}
