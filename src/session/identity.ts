import type { FunctionRecord } from './records.ts'

/** Names a function across tables and sessions: its records are equal when their keys are. */
export function functionKey({ name, file, line, column }: FunctionRecord): string {
  return `${name}\0${file}\0${line}\0${column}`
}
