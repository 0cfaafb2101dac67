import { FUNCTION, LABEL, LINE, LOCATION, PROFILE, SAMPLE, VALUE_TYPE } from './fields.ts'
import type { Field } from './wire.ts'
import { readMessage, readNumbers } from './wire.ts'

/** What is read of a pprof profile. Ids are as they stand there: some are hashes of 64 bits. */
export interface PprofProfile {
  sampleTypes: PprofValueType[]
  samples: PprofSample[]
  locations: Map<bigint, PprofLine[]>
  functions: Map<bigint, PprofFunction>
  timeNanos: bigint
  periodType: PprofValueType
  period: number
  defaultSampleType: string
}

export interface PprofValueType {
  type: string
  unit: string
}

export interface PprofSample {
  /** Innermost first. */
  locations: bigint[]
  values: number[]
  /** Labels that are text. */
  labels: Map<string, string>
}

/** A location has several lines where functions were inlined, innermost first. */
export interface PprofLine {
  fn: bigint
  line: number
}

export interface PprofFunction {
  name: string
  systemName: string
  filename: string
  startLine: number
}

/**
 * Reads pprof's `profile.proto`, not compressed.
 *
 * @throws TypeError When the bytes are not a profile.
 */
export function readPprof(bytes: Uint8Array): PprofProfile {
  try {
    const fields = fieldsOf(bytes)
    const texts = (fields.get(PROFILE.stringTable) ?? []).map(textOf)
    return profileOf(fields, (position) => texts[Number(position)] ?? '')
  } catch (cause) {
    throw new TypeError(`hono-profiler: not a pprof profile: ${(cause as Error).message}`)
  }
}

type Fields = Map<number, Field[]>
type Text = (position: bigint) => string

function profileOf(fields: Fields, text: Text): PprofProfile {
  const all = <T>(field: number, read: (message: Fields) => T): T[] =>
    (fields.get(field) ?? []).map((each) => read(messageOf(each)))
  const valueType = (message: Fields): PprofValueType => ({
    type: text(numberOf(message, VALUE_TYPE.type)),
    unit: text(numberOf(message, VALUE_TYPE.unit)),
  })
  const [periodType = { type: '', unit: '' }] = all(PROFILE.periodType, valueType)
  return {
    sampleTypes: all(PROFILE.sampleType, valueType),
    samples: all(PROFILE.sample, (sample) => sampleOf(sample, text)),
    locations: new Map(all(PROFILE.location, locationOf)),
    functions: new Map(all(PROFILE.function, (fn) => functionOf(fn, text))),
    timeNanos: signed(numberOf(fields, PROFILE.timeNanos)),
    periodType,
    period: Number(signed(numberOf(fields, PROFILE.period))),
    defaultSampleType: text(numberOf(fields, PROFILE.defaultSampleType)),
  }
}

function sampleOf(sample: Fields, text: Text): PprofSample {
  const labels = (sample.get(SAMPLE.label) ?? []).map((field): [string, string] => {
    const label = messageOf(field)
    return [text(numberOf(label, LABEL.key)), text(numberOf(label, LABEL.str))]
  })
  return {
    locations: numbersOf(sample, SAMPLE.locationId),
    values: numbersOf(sample, SAMPLE.value).map((value) => Number(signed(value))),
    labels: new Map(labels),
  }
}

function locationOf(location: Fields): [bigint, PprofLine[]] {
  const lines = (location.get(LOCATION.line) ?? []).map((field) => {
    const line = messageOf(field)
    return { fn: numberOf(line, LINE.functionId), line: lineNumberOf(line, LINE.line) }
  })
  return [numberOf(location, LOCATION.id), lines]
}

function functionOf(fn: Fields, text: Text): [bigint, PprofFunction] {
  const record = {
    name: text(numberOf(fn, FUNCTION.name)),
    systemName: text(numberOf(fn, FUNCTION.systemName)),
    filename: text(numberOf(fn, FUNCTION.filename)),
    startLine: lineNumberOf(fn, FUNCTION.startLine),
  }
  return [numberOf(fn, FUNCTION.id), record]
}

function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  for (const field of readMessage(bytes)) {
    const others = fields.get(field.number)
    if (others) {
      others.push(field)
    } else {
      fields.set(field.number, [field])
    }
  }
  return fields
}

function bytesOf({ number, bytes }: Field): Uint8Array {
  if (!bytes) {
    throw new RangeError(`field ${number} is a number, where a text or a message should be`)
  }
  return bytes
}

const messageOf = (field: Field): Fields => fieldsOf(bytesOf(field))

const textOf = (field: Field): string => new TextDecoder().decode(bytesOf(field))

const numbersOf = (fields: Fields, field: number): bigint[] =>
  (fields.get(field) ?? []).flatMap(readNumbers)

const numberOf = (fields: Fields, field: number): bigint => numbersOf(fields, field).at(-1) ?? 0n

/** Lines from 1; 0 for what cannot be one. */
function lineNumberOf(fields: Fields, field: number): number {
  const line = Number(signed(numberOf(fields, field)))
  return Number.isSafeInteger(line) ? Math.max(line, 0) : 0
}

const signed = (value: bigint): bigint => BigInt.asIntN(64, value)
