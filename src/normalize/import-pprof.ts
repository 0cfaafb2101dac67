import type { CapturedFrame, CapturedFunction } from '../adapter.ts'
import { NOTE_PREFIX, STATE_LABEL } from '../pprof/fields.ts'
import type { PprofProfile, PprofSample, PprofValueType } from '../pprof/read-profile.ts'
import { readPprof } from '../pprof/read-profile.ts'
import type { ExchangeNote } from '../session/exchange.ts'
import { readExchangeNote } from '../session/exchange.ts'
import type { SampleTable, SessionMeta, State } from '../session/records.ts'
import { CPU, STATES } from '../session/records.ts'
import { Session } from '../session.ts'
import { FunctionTable } from './functions.ts'
import type { ImportOptions } from './imported-session.ts'
import { UNNAMED, importedSession } from './imported-session.ts'
import { REQUEST, StackBuilder } from './stack-builder.ts'

/**
 * Makes a session of a pprof profile (`profile.proto`) of CPU or wall time, whatever wrote it. pprof keeps no
 * order of time: its samples stand one after another.
 *
 * @param bytes The profile, not compressed; `loadSession` takes compressed ones as well.
 * @throws TypeError A sentence that says what is wrong, when it is not such a profile.
 * @example
 * const session = importPprof(await readFile('cpu.pb'))
 * console.log(session.hotPaths())
 */
export function importPprof(bytes: Uint8Array, options: ImportOptions = {}): Session {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new TypeError(
      'hono-profiler: this pprof profile is compressed; give the bytes to loadSession, or unzip them'
    )
  }
  const profile = readPprof(bytes)
  const note = noteOf(profile)
  const value = timeValueOf(profile)
  const { projectRoot = note?.projectRoot ?? '' } = options
  const functions = new FunctionTable({ projectRoot, ownFiles: [] })
  const stacks = new StackBuilder()
  const samples = readSamples(profile, value, new StackReader(profile, functions, stacks, note))
  const { description = UNNAMED } = options
  const meta = metaOf(profile, value)
  return new Session(importedSession({ functions, stacks, samples, meta, description, note }))
}

function noteOf({ functions }: PprofProfile): ExchangeNote | undefined {
  const names = Array.from(functions.values(), ({ systemName }) => systemName)
  const note = names.find((name) => name.startsWith(NOTE_PREFIX))
  try {
    return note === undefined
      ? undefined
      : readExchangeNote(JSON.parse(note.slice(NOTE_PREFIX.length)))
  } catch {
    return undefined
  }
}

/** Which value of a sample is its time, and how many microseconds one of its units lasts. */
interface TimeValue {
  position: number
  type: string
  unitUs: number
}

const UNITS_US = new Map([
  ['nanoseconds', 0.001],
  ['microseconds', 1],
  ['milliseconds', 1000],
  ['seconds', 1_000_000],
])

/** The value that the profile shows by default, when it is a time; else the last one that is. */
function timeValueOf({ sampleTypes, defaultSampleType }: PprofProfile): TimeValue {
  const times = sampleTypes.flatMap(({ type, unit }, position) => {
    const unitUs = UNITS_US.get(unit)
    return unitUs === undefined ? [] : [{ position, type, unitUs }]
  })
  const time = times.find(({ type }) => type === defaultSampleType) ?? times.at(-1)
  if (!time) {
    const types = sampleTypes.map(({ type, unit }) => `${type} in ${unit}`).join(', ')
    throw new TypeError(
      `hono-profiler: this pprof profile holds no times, but ${types || 'nothing'}; give one of CPU or wall time`
    )
  }
  return time
}

function metaOf(
  { samples, sampleTypes, timeNanos, periodType, period }: PprofProfile,
  { type }: TimeValue
): Pick<SessionMeta, 'runtime' | 'startTime' | 'interval' | 'sampleCount' | 'fidelity'> {
  const counts = sampleTypes.findIndex(({ unit }) => unit === 'count')
  const sampleCount = samples.reduce(
    (sum, { values }) => sum + Math.max(0, counts < 0 ? 1 : (values[counts] ?? 0)),
    0
  )
  return {
    runtime: 'pprof',
    startTime: Number(timeNanos / 1000n) / 1000,
    interval: intervalOf(periodType, period),
    sampleCount,
    fidelity: {
      cpu: `the value '${type}' of a pprof profile`,
      waits: 'unknown: pprof has no states',
    },
  }
}

function intervalOf({ unit }: PprofValueType, period: number): number {
  return Math.max(0, period * (UNITS_US.get(unit) ?? 0)) / 1000
}

function readSamples(
  { samples }: PprofProfile,
  { position, unitUs }: TimeValue,
  stacks: StackReader
): SampleTable {
  const table: SampleTable = { stack: [], durationUs: [], state: [] }
  let time = 0
  let endUs = 0
  for (const sample of samples) {
    // The sum is rounded and not its parts, so that it stays right.
    time += Math.max(0, sample.values[position] ?? 0)
    const nextUs = Math.round(time * unitUs)
    table.stack.push(stacks.entryOf(sample))
    table.state.push(stacks.stateOf(sample))
    table.durationUs.push(nextUs - endUs)
    endUs = nextUs
  }
  return table
}

class StackReader {
  readonly #profile: PprofProfile
  readonly #functions: FunctionTable
  readonly #stacks: StackBuilder
  readonly #note: ExchangeNote | undefined
  readonly #frames = new Map<bigint, CapturedFrame[]>()
  readonly #captured = new Map<bigint, CapturedFunction>()

  constructor(
    profile: PprofProfile,
    functions: FunctionTable,
    stacks: StackBuilder,
    note: ExchangeNote | undefined
  ) {
    this.#profile = profile
    this.#functions = functions
    this.#stacks = stacks
    this.#note = note
  }

  entryOf({ locations }: PprofSample): number {
    // What this package wrote has the request itself as outermost function.
    const own = this.#note ? locations.slice(0, -1) : locations
    let entry = REQUEST
    for (const location of own.reverse()) {
      for (const frame of this.#framesOf(location)) {
        const fn = this.#functions.intern(frame.function)
        entry = this.#stacks.push(entry, fn, this.#functions.lineOf(frame))
      }
    }
    return entry
  }

  stateOf({ labels }: PprofSample): number {
    const state = this.#note ? STATES.indexOf(labels.get(STATE_LABEL) as State) : CPU
    return Math.max(state, CPU)
  }

  /** The functions of a location, outermost first. */
  #framesOf(location: bigint): CapturedFrame[] {
    let frames = this.#frames.get(location)
    if (!frames) {
      frames = (this.#profile.locations.get(location) ?? []).map(({ fn, line }) => ({
        function: this.#functionOf(fn),
        line,
        column: 0,
      }))
      this.#frames.set(location, frames.reverse())
    }
    return frames
  }

  #functionOf(id: bigint): CapturedFunction {
    let captured = this.#captured.get(id)
    if (!captured) {
      const fn = this.#profile.functions.get(id)
      const { name = '', systemName = '', filename: url = '', startLine: line = 0 } = fn ?? {}
      const column = this.#note ? Number(/:(\d+)$/.exec(systemName)?.[1] ?? 0) : 0
      this.#captured.set(id, (captured = { name, url, line, column }))
    }
    return captured
  }
}
