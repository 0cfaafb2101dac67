import type { State } from '../session/records.ts'

/** The time of one function, or of one package. */
export interface ProfileEntry {
  /** Milliseconds. */
  time: number
  /** The function's name; the package's, with `group: 'package'`. */
  function: string
  /** Absolute path or URL; empty for native functions, packages and the request itself. */
  file: string
  /** Line of the function's definition, from 1; 0 when unknown. */
  line: number
}

/** The time of one stack. */
export interface HotPath {
  /** Milliseconds. */
  time: number
  /** `name file:line → name file:line`, callers first. */
  path: string
}

interface SumOptions {
  /** Only files whose path contains this, or one of these; all files when empty, which is the default. */
  paths?: string | readonly string[]
  /** The most entries to give; `Infinity` for all. 20 by default for `flat`, 10 for the others. */
  n?: number
  /**
   * `self` counts what a function did and awaited itself; `total` what it called as well, recursion once.
   *
   * @default 'self'
   */
  by?: 'self' | 'total'
  /** Counts time in one state only; `cpu` includes `gc`. All states by default. */
  state?: State
}

export interface QueryOptions extends SumOptions {
  /**
   * What an entry stands for. Packages are those of libraries; all else is the application, the runtime, native
   * code, this profiler, or the request itself.
   *
   * @default 'function'
   */
  group?: 'function' | 'package'
}

export interface HotPathOptions extends SumOptions {
  /** The most frames of a path to keep, nearest to where the time went; 8 by default. */
  depth?: number
}
