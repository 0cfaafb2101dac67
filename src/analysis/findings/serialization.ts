import type { FunctionRecord, SessionData } from '../../session/records.ts'
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

/** `response.json()` of the runtime's fetch. */
const RUNTIME = /^(JSON\.(stringify|parse)|parseJSONFromBytes|jsonParse)$/

/** Turning data into JSON or back, by whatever calls it. */
export function serialization(data: SessionData): Finding[] {
  const nodes = serializingNodes(data)
  const { selfUs } = sumStacks(data, isCpu)
  const place = hottestOf(data, (add) => {
    nodes.forEach((isInside, entry) => {
      add(entry, isInside ? selfUs[entry + 1]! : 0)
    })
  })
  const timeUs = nodes.reduce((sum, isInside, i) => sum + (isInside ? selfUs[i + 1]! : 0), 0)
  const time = timeUs / 1000
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

/** Which stack entries are within serialization, what it calls back (`toJSON`) included. */
function serializingNodes({ stacks, functions }: SessionData): boolean[] {
  const serializes = functions.map(isSerializer)
  const inside: boolean[] = []
  stacks.parent.forEach((parent, i) => {
    inside[i] = serializes[stacks.function[i]!]! || (parent >= 0 && inside[parent]!)
  })
  return inside
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
