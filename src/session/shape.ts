/** What the fields of a session look like, one by one. How they fit together is checked in check.ts. */

import type {
  BlockerTable,
  Fidelity,
  FunctionRecord,
  Origin,
  Overhead,
  RequestMeta,
  SampleTable,
  SessionData,
  SessionMeta,
  SourceText,
  SpanRecord,
  StackTable,
  Totals,
  WaitRecord,
} from './records.ts'
import { SESSION_FORMAT, SESSION_VERSION } from './records.ts'

/** Throws a TypeError that names `where` when `value` is not what it should be. */
export type Check = (value: unknown, where: string) => void

/** The error for records that are not a session; `problem` is a sentence without its full stop. */
export function notASession(problem: string): TypeError {
  return new TypeError(`hono-profiler: not a session: ${problem}`)
}

/** The error for one value that is wrong; `but` says what it should be. */
export function wrongValue(where: string, value: unknown, but: string): TypeError {
  return notASession(`${where} is ${describe(value)}, but ${but}`)
}

const MAX_SHOWN = 40

function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'missing'
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object'
    case 'string': {
      const text = JSON.stringify(value)
      return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
    }
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return `a ${typeof value}`
  }
}

function rule(accepts: (value: unknown) => boolean, but: string): Check {
  return (value, where) => {
    if (!accepts(value)) {
      throw wrongValue(where, value, but)
    }
  }
}

function oneOf(values: readonly unknown[]): Check {
  const shown = values.map((value) => JSON.stringify(value)).join(', ')
  return rule(
    (value) => values.includes(value),
    values.length === 1 ? `it must be ${shown}` : `it must be one of ${shown}`
  )
}

function optional(check: Check): Check {
  return (value, where) => {
    if (value !== undefined) {
      check(value, where)
    }
  }
}

const list: Check = rule(Array.isArray, 'it must be a list')

function listOf(check: Check): Check {
  return (value, where) => {
    list(value, where)
    for (const [i, item] of (value as unknown[]).entries()) {
      check(item, `${where}[${i}]`)
    }
  }
}

const object: Check = rule(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'it must be an object'
)

/** Checks the fields that are known; others may stand beside them. */
function objectOf<T>(checks: { [Field in keyof Required<T>]: Check }): Check {
  const entries = Object.entries<Check>(checks)
  return (value, where) => {
    object(value, where || 'it')
    for (const [field, check] of entries) {
      check((value as Record<string, unknown>)[field], where ? `${where}.${field}` : field)
    }
  }
}

const text = rule((value) => typeof value === 'string', 'it must be a string')
const flag = rule((value) => typeof value === 'boolean', 'it must be true or false')
const number = rule(Number.isFinite, 'it must be a number')
const integer = rule(Number.isSafeInteger, 'it must be a whole number')
const amount = rule(
  (value) => Number.isFinite(value) && (value as number) >= 0,
  'it must be a number from 0'
)
const count = rule(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'it must be a whole number from 0'
)
const position = rule(
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  'it must be a whole number from 1'
)

/** The fields of `meta`. */
export const checkMeta: Check = objectOf<SessionMeta>({
  description: text,
  runtime: text,
  runtimeVersion: text,
  startTime: number,
  duration: amount,
  interval: amount,
  sampleCount: count,
  totals: objectOf<Totals>({ cpu: amount, gc: amount, await: amount, blocked: amount }),
  fidelity: objectOf<Fidelity>({ cpu: text, waits: text }),
  overhead: objectOf<Overhead>({ start: amount, excluded: amount, stop: amount }),
  request: optional(
    objectOf<RequestMeta>({
      method: text,
      path: text,
      route: optional(text),
      status: optional(integer),
      timeToFirstByte: optional(amount),
      error: optional(text),
    })
  ),
  notes: listOf(text),
  runs: position,
  durations: optional(listOf(amount)),
})

const functionRecord = objectOf<FunctionRecord>({
  name: text,
  file: text,
  fileShort: text,
  line: count,
  column: count,
  origin: oneOf(['app', 'library', 'runtime', 'native', 'profiler'] satisfies Origin[]),
  package: optional(text),
})

const wait = objectOf<WaitRecord>({
  name: text,
  stack: integer,
  awaiting: optional(integer),
  startUs: amount,
  awaitedUs: amount,
  endUs: amount,
  critical: flag,
  unfinished: optional(flag),
})

const span = objectOf<SpanRecord>({
  name: text,
  kind: oneOf(['middleware', 'handler', 'user'] satisfies SpanRecord['kind'][]),
  startUs: amount,
  endUs: amount,
  parent: integer,
})

const sourceText = objectOf<SourceText>({ file: text, startLine: position, lines: listOf(text) })

/** The fields of a session; call it with an empty `where`. The entries of columns are left to check.ts, for there can be millions. */
export const checkShape: Check = objectOf<SessionData>({
  format: oneOf([SESSION_FORMAT]),
  version: oneOf([SESSION_VERSION]),
  meta: checkMeta,
  functions: listOf(functionRecord),
  stacks: objectOf<StackTable>({ parent: list, function: list, line: list }),
  samples: objectOf<SampleTable>({ stack: list, durationUs: list, state: list }),
  blockers: objectOf<BlockerTable>({ stack: list, startUs: list, durationUs: list }),
  waits: listOf(wait),
  spans: listOf(span),
  sources: optional(listOf(sourceText)),
})
