import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { speedscopeRenderer } from '../../src/render/speedscope.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { deepSession, hostileSession } from '../helpers/hostile-session.ts'
import type { Times } from '../helpers/self-times.ts'
import { selfTimes, sumTimes } from '../helpers/self-times.ts'

interface SpeedscopeFile {
  shared: { frames: { name: string; file?: string; line?: number }[] }
  profiles: { endValue: number; events: { type: 'O' | 'C'; frame: number; at: number }[] }[]
}

const schemaPath = createRequire(import.meta.url).resolve(
  'speedscope/dist/release/file-format-schema.json'
)
const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as object
const isValid = new Ajv({ strict: false }).compile(schema)

function rendered(data: SessionData): SpeedscopeFile {
  const file: unknown = JSON.parse(speedscopeRenderer().render(new Session(data)))
  expect(isValid(file), JSON.stringify(isValid.errors)).toBe(true)
  return file as SpeedscopeFile
}

/** Self times, by replaying the events; throws when they do not nest or time runs backwards. */
function replay({ shared, profiles }: SpeedscopeFile): Times {
  const stack: number[] = []
  const times: [string, number][] = []
  let lastAt = 0
  for (const { type, frame, at } of profiles[0]!.events) {
    expect(at).toBeGreaterThanOrEqual(lastAt)
    if (stack.length > 0) {
      times.push([shared.frames[stack.at(-1)!]!.name, at - lastAt])
    }
    lastAt = at
    if (type === 'O') {
      stack.push(frame)
    } else {
      expect(stack.pop()).toBe(frame)
    }
  }
  expect(stack).toEqual([])
  expect(lastAt).toBe(profiles[0]!.endValue)
  return sumTimes(times)
}

it('has the time of every function and state, whatever they are called', () => {
  fc.assert(
    fc.property(hostileSession, (data) => {
      expect(replay(rendered(data))).toEqual(selfTimes(data))
    })
  )
})

it('holds stacks of 5,000 frames', () => {
  expect(replay(rendered(deepSession))).toEqual({ '[await]': 5000, f4999: 2000 })
})

it('opens a frame once while it goes on, and says where it waits', () => {
  const { shared, profiles } = rendered(
    buildSession('handler;load@src/db.ts:3#5;[await] 2\nhandler;load@src/db.ts:3#5;[await] 3')
  )
  const events = profiles[0]!.events.map(
    ({ type, frame, at }) => `${type} ${shared.frames[frame]!.name} ${at}`
  )
  expect(events).toEqual([
    'O GET / 0',
    'O handler 0',
    'O load 0',
    'O [await] 0',
    'C [await] 5000',
    'C load 5000',
    'C handler 5000',
    'C GET / 5000',
  ])
  expect(shared.frames.at(-1)).toEqual({ name: '[await]', file: '/project/src/db.ts', line: 5 })
})
