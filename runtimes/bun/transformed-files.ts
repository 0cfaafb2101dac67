import type { Insertion } from './await-transform.ts'

const files = new Map<string, Insertion[]>()

/** Remembers what the preload put into a file. */
export function noteTransformed(path: string, insertions: Insertion[]): void {
  files.set(path, insertions)
}

/** The column that a position in a file had before the preload's insertions. */
export function columnOf(path: string, line: number, column: number): number {
  let original = column
  for (const insertion of files.get(path) ?? []) {
    if (insertion.line === line && insertion.column <= original) {
      original = Math.max(original - insertion.text.length, insertion.column)
    }
  }
  return original
}
