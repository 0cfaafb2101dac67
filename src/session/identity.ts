import type { FunctionRecord } from './records.ts'

/** Names a function across tables and sessions: its records are equal when their keys are. */
export function functionKey({ name, file, line, column }: FunctionRecord): string {
  return `${name}\0${file}\0${line}\0${column}`
}

/** Whether two records, of one table or of several, are of the same function. */
export function isSameFunction(one: FunctionRecord, other: FunctionRecord): boolean {
  return (
    one === other ||
    (one.name === other.name &&
      one.file === other.file &&
      one.line === other.line &&
      one.column === other.column)
  )
}
