import type { Frame } from '../../session/frame.ts'
import { AWAIT_FRAME, BLOCKED_FRAME, GC_FRAME } from '../../session/frame.ts'
import { functionTimes } from '../function-times.ts'
import { MAX_TEXT, counted, cutEnd, cutStart, visible } from '../text.ts'
import { foldGroups } from './groups.ts'
import type { Look, Style } from './look.ts'
import { heat } from './look.ts'

/** Levels that are drawn: 40 are 120 columns of indentation, and more than people read. */
const MAX_DEPTH = 40

/** Functions that are named in place of the levels below. */
const MAX_DEEPER = 3

/** A frame that is still to be drawn: what stands before it, and before the lines below it. */
interface Pending {
  frame: Frame
  indent: string
  below: string
  depth: number
}

/** Draws a processed call tree, one line for each visible frame. */
export function treeLines(root: Frame, look: Look): string[] {
  const { glyphs, paint } = look
  const folded = foldGroups(root, look)
  const lines: string[] = []
  const pending: Pending[] = [{ frame: root, indent: '', below: '', depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { frame, indent, below, depth } = next
    lines.push(paint('faint', indent) + frameText(frame, root.time, look))
    const children = folded.visibleChildren(frame)
    const hidden = folded.hiddenText(frame)
    if (hidden) {
      lines.push(paint('faint', `${below}${children.length ? glyphs.pipe : glyphs.space}${hidden}`))
    }
    if (depth === MAX_DEPTH && children.length > 0) {
      lines.push(...deeperLines(frame, root.time, below, look))
      continue
    }
    for (let i = children.length - 1; i >= 0; i--) {
      const isLast = i === children.length - 1
      pending.push({
        frame: children[i]!,
        indent: below + (isLast ? glyphs.last : glyphs.branch),
        below: below + (isLast ? glyphs.space : glyphs.pipe),
        depth: depth + 1,
      })
    }
  }
  return lines
}

/** `153.2 ms query  src/db.ts:10` */
function frameText(frame: Frame, rootTime: number, look: Look): string {
  const { paint, glyphs, formatTime } = look
  const time = paint(heat(frame.time / rootTime), formatTime(frame.time))
  const name = cutEnd(visible(frame.function), MAX_TEXT, glyphs.ellipsis)
  const style = nameStyle(frame)
  const place = frame.isSynthetic && !frame.lineNo ? '' : placeText(frame, glyphs.ellipsis)
  return `${time} ${style ? paint(style, name) : name}${place && `  ${paint('faint', place)}`}`
}

function nameStyle(frame: Frame): Style | undefined {
  switch (frame.isSynthetic && frame.function) {
    case AWAIT_FRAME:
      return 'await'
    case BLOCKED_FRAME:
      return 'blocked'
    case GC_FRAME:
      return 'gc'
  }
  return frame.isApplicationCode ? 'application' : undefined
}

/** `src/db.ts:10`; empty for what has no file. */
export function placeText(
  { filePathShort, lineNo }: Pick<Frame, 'filePathShort' | 'lineNo'>,
  ellipsis: string
): string {
  const path = cutStart(visible(filePathShort), MAX_TEXT, ellipsis)
  return path && lineNo ? `${path}:${lineNo}` : path
}

/** Stands for the levels below the last one that is drawn: how many, and what takes the time in them. */
function deeperLines(
  frame: Frame,
  rootTime: number,
  below: string,
  { paint, glyphs, formatTime }: Look
): string[] {
  const hottest = functionTimes(frame, 'self').slice(0, MAX_DEEPER)
  const title = `${glyphs.last}[${counted(levelsBelow(frame), 'deeper level')}; most self time in them:]`
  return [
    paint('faint', below + title),
    ...hottest.map(({ time, function: { name, fileShort, line } }) => {
      const place = placeText({ filePathShort: fileShort, lineNo: line }, glyphs.ellipsis)
      return (
        `${below}${glyphs.space}${glyphs.space}${paint(heat(time / rootTime), formatTime(time))} ` +
        `${cutEnd(visible(name), MAX_TEXT, glyphs.ellipsis)}${place && `  ${paint('faint', place)}`}`
      )
    }),
  ]
}

function levelsBelow(frame: Frame): number {
  let levels = 0
  for (let level = frame.children; level.length > 0; levels++) {
    level = level.flatMap((child) => child.children)
  }
  return levels
}
