import type { SourceText } from './records.ts'

/** The lines of several parts as parts that do not overlap, by file and in order; the first that has a line wins. */
export function mergeSources(parts: readonly SourceText[]): SourceText[] {
  const files = new Map<string, Map<number, string>>()
  for (const { file, startLine, lines } of parts) {
    const known = files.get(file) ?? new Map<number, string>()
    files.set(file, known)
    lines.forEach((text, i) => {
      if (!known.has(startLine + i)) {
        known.set(startLine + i, text)
      }
    })
  }
  return [...files].flatMap(([file, lines]) => partsOf(file, lines))
}

/** Lines that follow one another are one part. */
export function partsOf(file: string, lines: ReadonlyMap<number, string>): SourceText[] {
  const parts: SourceText[] = []
  for (const line of [...lines.keys()].sort((a, b) => a - b)) {
    const last = parts.at(-1)
    const text = lines.get(line)!
    if (last && last.startLine + last.lines.length === line) {
      last.lines.push(text)
    } else {
      parts.push({ file, startLine: line, lines: [text] })
    }
  }
  return parts
}
