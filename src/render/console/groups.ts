import type { Frame, FrameGroup } from '../../session/frame.ts'
import { walk } from '../../session/frame.ts'
import { counted, cutEnd, visible } from '../text.ts'
import type { Look } from './look.ts'

/** A frame of a group stays visible when it keeps more than this share of the request for itself. */
const VISIBLE_SHARE = 0.2

/** Fewer hidden frames than this are not worth a line that says so. */
const MIN_HIDDEN = 2

/** The longest list of libraries, in characters. */
const MAX_LIBRARIES = 40

/** Waits in hidden frames are named when they take more than this share of the request. */
const WAIT_SHARE = 0.01

/** A tree as it is drawn: without the hidden frames of its groups. */
export interface FoldedGroups {
  /** The frames to draw below a frame: hidden ones are replaced by what is visible below them. */
  visibleChildren(frame: Frame): Frame[]
  /** What stands under the first frame of a group, like `[4 frames hidden]  hono, undici`; empty without. */
  hiddenText(frame: Frame): string
}

/**
 * Decides which frames of the library groups in a tree are hidden. The synthetic leaves of a frame are
 * hidden with it.
 */
export function foldGroups(root: Frame, look: Look): FoldedGroups {
  const hidden = new Set<Frame>()
  const texts = new Map<Frame, string>()
  for (const group of groupsOf(root)) {
    const frames = hiddenFrames(group, root.time)
    if (frames.length >= MIN_HIDDEN) {
      frames.forEach((frame) => hidden.add(frame))
      texts.set(group.root, hiddenText(group, frames, root.time, look))
    }
  }
  return {
    visibleChildren: (frame) => visibleChildren(frame, hidden),
    hiddenText: (frame) => texts.get(frame) ?? '',
  }
}

function groupsOf(root: Frame): Set<FrameGroup> {
  const groups = new Set<FrameGroup>()
  for (const { group } of walk(root)) {
    if (group) {
      groups.add(group)
    }
  }
  return groups
}

function hiddenFrames(group: FrameGroup, rootTime: number): Frame[] {
  const exits = new Set(group.exitFrames)
  return group.frames.filter(
    (frame) =>
      !frame.isSynthetic &&
      frame !== group.root &&
      !exits.has(frame) &&
      frame.totalSelfTime <= VISIBLE_SHARE * rootTime
  )
}

function hiddenText(
  { libraries }: FrameGroup,
  hidden: readonly Frame[],
  rootTime: number,
  { glyphs, formatTime }: Look
): string {
  const names = cutEnd(visible(libraries.join(', ')), MAX_LIBRARIES, glyphs.ellipsis)
  const waits = hidden.flatMap(({ children }) => children.filter((child) => child.isSynthetic))
  const waitMs = waits.reduce((sum, leaf) => sum + leaf.awaitTime + leaf.blockedTime, 0)
  const wait = waitMs > WAIT_SHARE * rootTime ? `  waits ${formatTime(waitMs)}` : ''
  return `[${counted(hidden.length, 'frame')} hidden]  ${names}${wait}`.trimEnd()
}

function visibleChildren(frame: Frame, hidden: ReadonlySet<Frame>): Frame[] {
  const found: Frame[] = []
  const pending = [...frame.children].reverse()
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!hidden.has(next)) {
      found.push(next)
      continue
    }
    for (let i = next.children.length - 1; i >= 0; i--) {
      const child = next.children[i]!
      if (!child.isSynthetic) {
        pending.push(child)
      }
    }
  }
  return found
}
