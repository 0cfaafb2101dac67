import type { Frame } from '../../session/frame.ts'
import { AWAIT_FRAME, BLOCKED_FRAME, GC_FRAME } from '../../session/frame.ts'
import type { FunctionRecord } from '../../session/records.ts'
import { functionTimes } from '../function-times.ts'
import { MAX_TEXT, counted, cutEnd, cutStart, recursionText, visible } from '../text.ts'
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
    if (depth === MAX_DEPTH && children.some((child) => !child.isSynthetic)) {
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
  const { record, time } = frame
  const place = frame.isSynthetic && !record.line ? '' : placeText(record, look.glyphs.ellipsis)
  const line = { name: record.name, style: nameStyle(frame), place, time }
  return lineText({ ...line, note: recursionText(frame) }, rootTime, look)
}

interface Line {
  time: number
  name: string
  style?: Style | undefined
  place: string
  note?: string
}

function lineText({ time, name, style, place, note }: Line, rootTime: number, look: Look): string {
  const { paint, glyphs, formatTime } = look
  const shown = cutEnd(visible(name), MAX_TEXT, glyphs.ellipsis)
  return [
    `${paint(heat(time / rootTime), formatTime(time))} ${style ? paint(style, shown) : shown}`,
    ...(place ? [paint('faint', place)] : []),
    ...(note ? [paint('faint', note)] : []),
  ].join('  ')
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
  { fileShort, line }: Pick<FunctionRecord, 'fileShort' | 'line'>,
  ellipsis: string
): string {
  const path = cutStart(visible(fileShort), MAX_TEXT, ellipsis)
  return path && line ? `${path}:${line}` : path
}

/** Stands for the levels below the last one that is drawn: how many, and what takes the time there. */
function deeperLines(frame: Frame, rootTime: number, below: string, look: Look): string[] {
  const { paint, glyphs } = look
  const levels = counted(levelsBelow(frame), 'deeper level')
  const hottest = functionTimes(frame, 'self').slice(0, MAX_DEEPER)
  return [
    paint('faint', `${below}${glyphs.last}[${levels}; most self time from here on:]`),
    ...hottest.map(({ time, function: record }) => {
      const place = placeText(record, glyphs.ellipsis)
      const text = lineText({ time, name: record.name, place }, rootTime, look)
      return `${below}${glyphs.space}${glyphs.space}${text}`
    }),
  ]
}

function levelsBelow(frame: Frame): number {
  let levels = 0
  for (let level = callsOf(frame); level.length > 0; levels++) {
    level = level.flatMap(callsOf)
  }
  return levels
}

function callsOf({ children }: Frame): Frame[] {
  return children.filter((child) => !child.isSynthetic)
}
