import {
  FUNCTION,
  LABEL,
  LINE,
  LOCATION,
  MAPPING,
  NOTE_PREFIX,
  PROFILE,
  SAMPLE,
  STATE_LABEL,
  VALUE_TYPE,
} from '../pprof/fields.ts'
import { MessageWriter } from '../pprof/wire.ts'
import { exchangeNote } from '../session/exchange.ts'
import type { SessionData } from '../session/records.ts'
import { STATES } from '../session/records.ts'
import { attachment } from './renderer.ts'
import type { Renderer } from './renderer.ts'

/**
 * Renders pprof's `profile.proto`, not compressed, which pprof reads as well. Values of a sample are its count,
 * its time, and its time in each state (`-sample_index=await`); the state is also a label (`-tagfocus=await`).
 */
export function pprofRenderer(): Renderer<Uint8Array> {
  return {
    name: 'pprof',
    contentType: 'application/octet-stream',
    extension: 'pb',
    headers: attachment('pb'),
    render: ({ data }) => pprofProfile(data),
  }
}

const NANOS_PER_US = 1000
/** The request, below which everything stands. */
const REQUEST_ID = 1

function pprofProfile(data: SessionData): Uint8Array {
  const strings = new StringTable()
  const profile = new MessageWriter()
  for (const type of ['samples', 'time', ...STATES]) {
    profile.message(PROFILE.sampleType, valueType(strings, type))
  }
  const locations = new LocationTable(data)
  writeSamples(profile, data, locations, strings)
  profile.message(PROFILE.mapping, requestMapping(data, strings))
  locations.write(profile)
  writeFunctions(profile, data, strings)
  writeMeta(profile, data, strings)
  strings.write(profile)
  return profile.finish()
}

function valueType(strings: StringTable, type: string): MessageWriter {
  const unit = type === 'samples' ? 'count' : 'nanoseconds'
  return new MessageWriter()
    .number(VALUE_TYPE.type, strings.of(type))
    .number(VALUE_TYPE.unit, strings.of(unit))
}

/** pprof has no order of time: samples of one stack in one state are one. */
function writeSamples(
  profile: MessageWriter,
  { samples, stacks }: SessionData,
  locations: LocationTable,
  strings: StringTable
): void {
  const states = STATES.length
  const counts = new Float64Array((stacks.parent.length + 1) * states)
  const timeUs = new Float64Array(counts.length)
  samples.stack.forEach((stack, i) => {
    const slot = (stack + 1) * states + samples.state[i]!
    counts[slot]!++
    timeUs[slot]! += samples.durationUs[i]!
  })
  counts.forEach((count, slot) => {
    if (count > 0) {
      const state = slot % states
      const nanos = timeUs[slot]! * NANOS_PER_US
      const values = [count, nanos, ...STATES.map((_, i) => (i === state ? nanos : 0))]
      const label = new MessageWriter()
        .number(LABEL.key, strings.of(STATE_LABEL))
        .number(LABEL.str, strings.of(STATES[state]!))
      const sample = new MessageWriter()
        .numbers(SAMPLE.locationId, locations.ofStack(Math.floor(slot / states) - 1))
        .numbers(SAMPLE.value, values)
        .message(SAMPLE.label, label)
      profile.message(PROFILE.sample, sample)
    }
  })
}

/** A mapping that has all there is to know keeps pprof from looking for a binary. */
function requestMapping({ meta }: SessionData, strings: StringTable): MessageWriter {
  return new MessageWriter()
    .number(MAPPING.id, 1)
    .number(MAPPING.filename, strings.of(meta.description))
    .number(MAPPING.hasFunctions, 1)
    .number(MAPPING.hasFilenames, 1)
    .number(MAPPING.hasLineNumbers, 1)
}

function writeFunctions(profile: MessageWriter, data: SessionData, strings: StringTable): void {
  const request = new MessageWriter()
    .number(FUNCTION.id, REQUEST_ID)
    .number(FUNCTION.name, strings.of(data.meta.description))
    // The one text that pprof does not show.
    .number(FUNCTION.systemName, strings.of(NOTE_PREFIX + JSON.stringify(exchangeNote(data))))
  profile.message(PROFILE.function, request)
  data.functions.forEach(({ name, file, line, column }, i) => {
    const record = new MessageWriter()
      .number(FUNCTION.id, functionId(i))
      .number(FUNCTION.name, strings.of(name))
      // The only place for the column, which tells functions of one line apart.
      .number(FUNCTION.systemName, strings.of(`${name} ${file}:${line}:${column}`))
      .number(FUNCTION.filename, strings.of(file))
      .number(FUNCTION.startLine, line)
    profile.message(PROFILE.function, record)
  })
}

const functionId = (index: number): number => index + REQUEST_ID + 1

function writeMeta(profile: MessageWriter, data: SessionData, strings: StringTable): void {
  const { meta } = data
  const { startTime, duration, interval } = meta
  profile
    .number(PROFILE.timeNanos, startNanos(startTime))
    .number(PROFILE.durationNanos, nanosOf(duration))
    .message(PROFILE.periodType, valueType(strings, 'time'))
    .number(PROFILE.period, nanosOf(interval))
    .number(PROFILE.defaultSampleType, strings.of('time'))
  const { cpu, waits } = meta.fidelity
  const runtime = `${meta.runtime} ${meta.runtimeVersion}`
  const comments = [meta.description, runtime, cpu, waits, ...meta.notes]
  profile.numbers(
    PROFILE.comment,
    comments.map((comment) => strings.of(comment))
  )
}

const nanosOf = (ms: number): number => Math.round(ms * 1000) * NANOS_PER_US

/** Beyond what a plain number can hold. */
function startNanos(startTime: number): bigint {
  const us = Math.round(startTime * 1000)
  return Number.isSafeInteger(us) ? BigInt(us) * BigInt(NANOS_PER_US) : 0n
}

class StringTable {
  readonly #positions = new Map<string, number>([['', 0]])

  of(text: string): number {
    let position = this.#positions.get(text)
    if (position === undefined) {
      this.#positions.set(text, (position = this.#positions.size))
    }
    return position
  }

  write(profile: MessageWriter): void {
    const encoder = new TextEncoder()
    for (const text of this.#positions.keys()) {
      profile.bytes(PROFILE.stringTable, encoder.encode(text))
    }
  }
}

/** A location is a function at an executing line. */
class LocationTable {
  readonly #stacks: SessionData['stacks']
  readonly #ids = new Map<string, number>()
  readonly #lines: MessageWriter[] = []

  constructor({ stacks }: SessionData) {
    this.#stacks = stacks
    this.#idOf(REQUEST_ID, 0)
  }

  /** The locations of a stack, innermost first. */
  ofStack(stack: number): number[] {
    const { parent, function: fn, line } = this.#stacks
    const ids: number[] = []
    for (let entry = stack; entry >= 0; entry = parent[entry]!) {
      ids.push(this.#idOf(functionId(fn[entry]!), line[entry]!))
    }
    return [...ids, REQUEST_ID]
  }

  write(profile: MessageWriter): void {
    this.#lines.forEach((line, i) => {
      const location = new MessageWriter()
        .number(LOCATION.id, i + 1)
        .number(LOCATION.mappingId, 1)
        .message(LOCATION.line, line)
      profile.message(PROFILE.location, location)
    })
  }

  #idOf(fn: number, line: number): number {
    const key = `${fn}:${line}`
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.#lines.push(new MessageWriter().number(LINE.functionId, fn).number(LINE.line, line))
      this.#ids.set(key, id)
    }
    return id
  }
}
