import type { SessionData } from '../../src/session/records.ts'
import { STATES } from '../../src/session/records.ts'
import { forEachSample, stackFunctions } from '../../src/session/tree.ts'

/** Microseconds by key; keys without time are left out. */
export type Times = Record<string, number>

/** Adds to a sum; a null prototype, since a key may be `__proto__`. */
export function sumTimes(entries: Iterable<readonly [string, number]>): Times {
  const times = Object.create(null) as Times
  for (const [key, us] of entries) {
    if (us > 0) {
      times[key] = (times[key] ?? 0) + us
    }
  }
  return times
}

/** Self time by name, as tools without states count it: every state is a function, unless `states` is false. */
export function selfTimes(data: SessionData, { states = true } = {}): Times {
  const entries: [string, number][] = []
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    const name = stackFunctions(data, stack).at(-1)?.name ?? data.meta.description
    const leaf = state === 0 && stack < 0 ? '[self]' : name
    entries.push([states && state > 0 ? `[${STATES[state]!}]` : states ? leaf : name, durationUs])
  })
  return sumTimes(entries)
}

/** Each sample as text: functions with their positions, the executing line of the innermost, state and time. */
export function sampleTexts(data: SessionData, { callerLines = false } = {}): string[] {
  const texts: string[] = []
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    const frames: string[] = []
    for (let entry = stack; entry >= 0; entry = data.stacks.parent[entry]!) {
      const record = JSON.stringify(data.functions[data.stacks.function[entry]!])
      const line = callerLines || entry === stack ? data.stacks.line[entry]! : ''
      frames.push(`${record}#${line}`)
    }
    texts.push(`${frames.reverse().join(' ')} ${STATES[state]!} ${durationUs}`)
  })
  return texts
}
