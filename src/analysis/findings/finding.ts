import type { FunctionRecord, SessionData } from '../../session/records.ts'

/** What a finding is about. */
export type FindingKind =
  /** Operations awaited one after the other that could perhaps run together: the N+1 queries of a loop. */
  | 'sequential-awaits'
  /** The function that takes most of the processor. */
  | 'hot-function'
  /** Other work kept the event loop while the request was ready to go on. */
  | 'blocked'
  | 'garbage-collection'
  /** Turning large data into JSON or back. */
  | 'serialization'
  /** A timeout was over, and the request went on without what it was waiting for. */
  | 'timeout'
  /** A middleware that takes a large part of the request for itself. */
  | 'slow-middleware'

/** Something that makes a request slow, with the figures that show it. */
export interface Finding {
  kind: FindingKind
  /** One sentence with figures. */
  title: string
  /** One sentence that says what to do. */
  advice: string
  /** Milliseconds of the request that it is about. */
  time: number
  /** Milliseconds that could be saved at most; findings are ranked by it. */
  saving: number
  /** The function to look at. */
  function: FunctionRecord | undefined
  /** The line to look at, which the function executes; 0 when unknown. */
  line: number
  /** Positions in the session's `waits` that show it. */
  waits: number[]
  /** The view of the page that shows the evidence. */
  view: 'call-stack' | 'timeline' | 'functions' | 'middleware'
}

/**
 * Less than this, in milliseconds, a busy machine takes from any request by chance, and samples a millisecond
 * apart cannot place it; what is counted besides, like the turns of a loop, needs less.
 */
const LEAST_MS = { timed: 10, counted: 5 }

/** The same for each of many requests that were merged: together they have samples enough. */
const LEAST_MS_OF_RUN = 0.5

/** Whether a time is worth a finding: long enough, and at least that share of the request. */
export function isWorthTelling(
  { meta }: SessionData,
  ms: number,
  share: number,
  evidence: keyof typeof LEAST_MS = 'timed'
): boolean {
  const leastMs = Math.max(LEAST_MS[evidence], LEAST_MS_OF_RUN * meta.runs)
  return ms >= leastMs && ms >= share * meta.duration
}

/** `12.3 ms`, with three digits that count; of merged requests also the time of one on average. */
export function timeText({ meta }: SessionData, ms: number): string {
  const each = meta.runs > 1 ? ` (${digits(ms / meta.runs)} ms a request)` : ''
  return `${digits(ms)} ms${each}`
}

function digits(ms: number): string {
  return ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)
}

/** `43%`, of the whole request. */
export function shareText({ meta }: SessionData, ms: number): string {
  return `${((ms / meta.duration) * 100).toFixed(0)}%`
}

/** The longest name in a title, in characters: the figures come after it. */
const MAX_NAME = 60

/** `loadItems (src/shop.ts:83)`; the place alone where a function has no name, the name where it has no file. */
export function placeText({ name, fileShort }: FunctionRecord, line: number): string {
  const shownName = shorten(name, (text) => `${text.slice(0, MAX_NAME - 1)}…`)
  const file = shorten(fileShort, (text) => `…${text.slice(1 - MAX_NAME)}`)
  const place = file && line > 0 ? `${file}:${line}` : file
  if (place === '') {
    return shownName
  }
  return name === '(anonymous)' ? `the function at ${place}` : `${shownName} (${place})`
}

function shorten(text: string, cut: (text: string) => string): string {
  return text.length > MAX_NAME ? cut(text) : text
}
