import { applicationEntries, hotLines } from '../analysis/lines.ts'
import type { SessionData, SourceText } from '../session/records.ts'
import { partsOf } from '../session/sources.ts'

/** Lines shown before and after one that took time. */
const AROUND = 5

/** Bounds of what a session holds: lines with time that are looked at, characters of a line and of all. */
const MAX_HOT_LINES = 200
const MAX_LINE = 300
const MAX_TEXT = 200_000

/** The lines around those of the application that took time or waited, most time first as far as the bounds allow. */
export function excerpts(
  data: SessionData,
  textOf: (file: string) => string | undefined
): SourceText[] {
  const files = new Map<string, { text: readonly string[]; kept: Map<number, string> }>()
  let left = MAX_TEXT
  const keep = (file: string, line: number): void => {
    const known = files.get(file) ?? {
      text: textOf(file)?.split(/\r?\n/) ?? [],
      kept: new Map<number, string>(),
    }
    files.set(file, known)
    const last = Math.min(line + AROUND, known.text.length)
    for (let at = Math.max(line - AROUND, 1); at <= last; at++) {
      const text = known.text[at - 1]!.slice(0, MAX_LINE)
      if (!known.kept.has(at) && text.length <= left) {
        left -= text.length
        known.kept.set(at, text)
      }
    }
  }
  for (const { function: fn, line } of hotLines(data).slice(0, MAX_HOT_LINES)) {
    keep(fn.file, line)
  }
  for (const entry of waitingEntries(data)) {
    keep(data.functions[data.stacks.function[entry]!]!.file, data.stacks.line[entry]!)
  }
  return [...files].flatMap(([file, { kept }]) => partsOf(file, kept))
}

/** The entries of the application's lines that await, the longest wait first. */
function waitingEntries(data: SessionData): number[] {
  const call = applicationEntries(data)
  const waits = [...data.waits].sort((a, b) => b.endUs - b.startUs - (a.endUs - a.startUs))
  const entries = waits.map(({ stack }) => call[stack] ?? -1)
  return [...new Set(entries)]
    .filter((entry) => entry >= 0 && data.stacks.line[entry]! > 0)
    .slice(0, MAX_HOT_LINES)
}
