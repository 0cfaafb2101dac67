import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { sourceLine } from '../lines.ts'
import { isCpu, sumStacks } from '../stack-sums.ts'
import type { Finding } from './finding.ts'
import { isWorthTelling, placeText, shareText, timeText } from './finding.ts'
import { hottestOf } from './processor.ts'

/** The part of the request that has to go into it. */
const LEAST_SHARE = 0.05

/** Sending less is what mostly helps, and saves a part. */
const LIKELY_SAVING = 0.5

/** Native functions, as runtimes name them: with and without their object. */
const NATIVE = /^(JSON\.)?(stringify|parse)$|^(v8\.)?(de)?serialize$|^structuredClone$/

/** `c.json()` and `c.req.json()`; of V8's samples the native function within counts for them. */
const HONO_FILE = /^hono\/.*\b(context|request)\.[jt]s$/

/** What `c.json()` calls to make the response of the text; the first of a process loads the runtime's streams. */
const HONO_RESPONSE = /^#?newResponse$/

/** `response.json()` of the runtime's fetch. */
const RUNTIME = /^(JSON\.(stringify|parse)|parseJSONFromBytes|jsonParse)$/

/** V8's sampler shows no frame for these calls: their time is that of the line that has them. */
const CALL = /\bJSON\.(stringify|parse)\s*\(|\bstructuredClone\s*\(/

/** Turning data into JSON or back, by whatever calls it. */
export function serialization(data: SessionData): Finding[] {
  const entriesUs = serializingUs(data)
  const place = hottestOf(data, (add) => {
    entriesUs.forEach((us, entry) => {
      add(entry, us)
    })
  })
  const time = entriesUs.reduce((sum, us) => sum + us, 0) / 1000
  if (!isWorthTelling(data, time, LEAST_SHARE)) {
    return []
  }
  const where = place ? `, most of it for ${placeText(place.function, place.line)}` : ''
  return [
    {
      kind: 'serialization',
      title: `Turning data into JSON or back takes ${timeText(data, time)}, ${shareText(data, time)} of the request${where}`,
      advice: 'Send and read less: fewer fields, pages instead of everything, or a cached answer.',
      time,
      saving: time * LIKELY_SAVING,
      function: place?.function,
      line: place?.line ?? 0,
      waits: [],
      view: 'call-stack',
    },
  ]
}

/** For each stack entry its self time that is serialization, what that calls back (`toJSON`) included. */
function serializingUs(data: SessionData): number[] {
  const { stacks, functions } = data
  const { selfUs } = sumStacks(data, isCpu)
  const serializes = functions.map(isSerializer)
  const inside: boolean[] = []
  return stacks.parent.map((parent, entry) => {
    const us = selfUs[entry + 1]!
    const fn = stacks.function[entry]!
    const isWithin = parent >= 0 && inside[parent]! && !isResponding(functions[fn]!)
    inside[entry] = serializes[fn]! || isWithin
    return inside[entry] || (us > 0 && callsSerializer(data, entry)) ? us : 0
  })
}

/** Whether the line that an entry executes says so, where the session holds its text. */
function callsSerializer(data: SessionData, entry: number): boolean {
  const { file, origin } = data.functions[data.stacks.function[entry]!]!
  const line = data.stacks.line[entry]!
  return origin === 'app' && line > 0 && CALL.test(sourceLine(data, file, line) ?? '')
}

function isResponding({ name, fileShort }: FunctionRecord): boolean {
  return HONO_RESPONSE.test(name) && HONO_FILE.test(fileShort)
}

function isSerializer({ name, origin, fileShort }: FunctionRecord): boolean {
  switch (origin) {
    case 'native':
      return NATIVE.test(name)
    case 'library':
      return name === 'json' && HONO_FILE.test(fileShort)
    case 'runtime':
      return RUNTIME.test(name)
    default:
      return false
  }
}
