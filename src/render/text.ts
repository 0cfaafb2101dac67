/**
 * Text that came from outside (names, paths, URLs, messages) on its way into a rendering: nothing in it may
 * steer a terminal, reorder a line or break one.
 */

import type { Frame } from '../session/frame.ts'

/** Controls (escape sequences start with one), invisible and bidirectional marks, line ends, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The longest name or path that is shown, in characters. */
export const MAX_TEXT = 120

/** Makes every character visible: controls and marks become `\x1b`, `\u202e`, `\u{e0041}`. */
export function visible(text: string): string {
  return text.replace(UNSAFE, escapeCharacter)
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!
  const hex = code.toString(16)
  if (code > 0xffff) {
    return `\\u{${hex}}`
  }
  return code > 0xff ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`
}

/** Cuts text after `max` characters, the ellipsis included. */
export function cutEnd(text: string, max: number, ellipsis: string): string {
  const characters = charactersBeyond(text, max)
  return characters ? characters.slice(0, max - ellipsis.length).join('') + ellipsis : text
}

/** Cuts text before its last `max` characters, the ellipsis included: the end of a path says most. */
export function cutStart(text: string, max: number, ellipsis: string): string {
  const characters = charactersBeyond(text, max)
  return characters ? ellipsis + characters.slice(ellipsis.length - max).join('') : text
}

function charactersBeyond(text: string, max: number): string[] | undefined {
  if (text.length <= max) {
    return undefined
  }
  const characters = Array.from(text)
  return characters.length > max ? characters : undefined
}

/** The first lines that fit into `room`, line ends included, as `measure` counts it. */
export function linesThatFit(
  lines: readonly string[],
  room: number,
  measure: (text: string) => number
): string[] {
  let kept = 0
  for (let left = room; kept < lines.length; kept++) {
    left -= measure(`${lines[kept]!}\n`)
    if (left < 0) {
      break
    }
  }
  return lines.slice(0, kept)
}

/** `3 frames`, `1 frame`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** Milliseconds as text, like `153.2 ms`; two decimals when the whole is shorter than 10 ms. */
export function milliseconds(ms: number, wholeMs: number): string {
  return `${ms.toFixed(wholeMs < 10 ? 2 : 1)} ms`
}

/** A share as text, like `39%`; 0 when there is no whole. */
export function percent(part: number, whole: number, decimals = 0): string {
  return `${((whole > 0 ? part / whole : 0) * 100).toFixed(decimals)}%`
}

/** Says of a function that its calls of itself are folded into one frame; empty for others. */
export function recursionText({ recursionDepth }: Pick<Frame, 'recursionDepth'>): string {
  return recursionDepth > 1 ? `recursive, ${recursionDepth} deep` : ''
}
