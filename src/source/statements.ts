/** Lines from 1. */
export interface LineRange {
  first: number
  last: number
}

/** What no statement ends with: an operator, an opening bracket, a comma. */
const GOES_ON = /[^\w$)\]}'"`;/\s]\s*$/

/**
 * The lines of the statement around a line which stands in no other one, as far as the layout tells it: a statement
 * begins at the left margin with a word, and the line before it may end one. Of text with another layout it gives too
 * much, or what cannot be parsed.
 */
export function outerStatement(lines: readonly string[], line: number): LineRange {
  let first = line
  while (first > 1 && !isBeginning(lines, first)) {
    first--
  }
  let last = line
  while (last < lines.length && !isBeginning(lines, last + 1)) {
    last++
  }
  return { first, last }
}

function isBeginning(lines: readonly string[], line: number): boolean {
  if (!/^[\w$@]/.test(lines[line - 1]!)) {
    return false
  }
  let before = line - 1
  while (before > 0 && lines[before - 1]!.trim() === '') {
    before--
  }
  return before === 0 || !GOES_ON.test(lines[before - 1]!)
}
