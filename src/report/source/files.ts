import type { SourceLine } from '../../analysis/lines.ts'
import { sourceLines } from '../../analysis/lines.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'

/** A file of the application, with what is known of its lines. */
export interface SourceFile {
  /** A function of the file, which knows its paths. */
  record: FunctionRecord
  /** Milliseconds of all its lines. */
  time: number
  /** In order of their numbers; between those that do not follow one another lines are missing. */
  lines: FileLine[]
}

/** A line of a file. */
export interface FileLine {
  line: number
  /** As it is written, where the session holds it. */
  text: string | undefined
  /** Where its time went; undefined for a line that took none. */
  times: SourceLine | undefined
}

/** The files that took time, most first: their hot lines, and what the session holds around them. */
export function sourceFiles(data: SessionData): SourceFile[] {
  const byFile = new Map<string, SourceLine[]>()
  for (const line of sourceLines(data)) {
    byFile.set(line.file, [...(byFile.get(line.file) ?? []), line])
  }
  return [...byFile]
    .map(([file, hot]) => ({
      record: data.functions.find((record) => record.file === file)!,
      time: hot.reduce((sum, { time }) => sum + time, 0),
      lines: linesOf(data, file, hot),
    }))
    .sort((a, b) => b.time - a.time)
}

function linesOf(
  { sources = [] }: SessionData,
  file: string,
  hot: readonly SourceLine[]
): FileLine[] {
  const lines = new Map<number, FileLine>()
  for (const part of sources.filter((source) => source.file === file)) {
    part.lines.forEach((text, i) => {
      const line = part.startLine + i
      lines.set(line, { line, text, times: undefined })
    })
  }
  for (const times of hot) {
    const { line } = times
    lines.set(line, { line, text: lines.get(line)?.text, times })
  }
  return [...lines.values()].sort((a, b) => a.line - b.line)
}
