import { cutEnd, cutStart, MAX_TEXT, milliseconds, percent, visible } from '../render/text.ts'
import type { Frame } from '../session/frame.ts'
import type { FunctionRecord } from '../session/records.ts'
import type { PageOptions } from './options.ts'

/** Where a function is, as a person would name it: `src/orders.ts:42`; empty for native functions. */
export function location(record: FunctionRecord, line: number = record.line): string {
  const file = cutStart(visible(record.fileShort || record.file), MAX_TEXT, '…')
  return file && line > 0 ? `${file}:${line}` : file
}

/** The name of a frame, safe and short enough to show in a row. */
export function frameName(frame: Frame): string {
  return shortName(frame.function)
}

/** A name from the session, safe and short enough to show in a row. */
export function shortName(name: string): string {
  return cutEnd(visible(name), MAX_TEXT, '…')
}

/** Writes a time in the unit that the reader chose. */
export function formatTime(ms: number, duration: number, unit: PageOptions['unit']): string {
  return unit === 'ms' ? milliseconds(ms, duration) : percent(ms, duration, 1)
}
