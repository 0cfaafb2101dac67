import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firefoxRenderer } from '../../src/render/firefox.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { deepSession, hostileSession } from '../helpers/hostile-session.ts'
import { selfTimes, sumTimes } from '../helpers/self-times.ts'

type Table<Column extends string> = Record<Column, (number | null)[]> & { length: number }

interface FirefoxProfile {
  meta: {
    preprocessedProfileVersion: number
    categories: { name: string; color: string; subcategories: string[] }[]
    markerSchema: { name: string; data: { key: string }[] }[]
  }
  threads: {
    samples: Table<'stack' | 'time' | 'weight'> & { weightType: string }
    stackTable: Table<'frame' | 'prefix' | 'category' | 'subcategory'>
    frameTable: Table<'func' | 'line' | 'category'>
    funcTable: Table<'name' | 'fileName' | 'lineNumber' | 'resource'>
    markers: Table<'name' | 'startTime' | 'endTime' | 'phase' | 'category'> & {
      data: Record<string, unknown>[]
    }
    stringArray: string[]
  }[]
}

/** The colours that the profiler's own style sheet knows. */
const COLORS =
  'transparent purple green orange yellow lightblue blue brown magenta red lightred darkgrey grey'

function rendered(
  data: SessionData
): FirefoxProfile['threads'][0] & { meta: FirefoxProfile['meta'] } {
  const { meta, threads } = JSON.parse(
    firefoxRenderer().render(new Session(data))
  ) as FirefoxProfile
  const [thread] = threads
  checkThread(thread!, meta)
  return { ...thread!, meta }
}

/** What `src/types/profile.ts` of the profiler demands at version 47: whole columns, and positions that are there. */
function checkThread(thread: FirefoxProfile['threads'][0], meta: FirefoxProfile['meta']): void {
  const { samples, stackTable, frameTable, funcTable, markers, stringArray } = thread
  for (const table of [samples, stackTable, frameTable, funcTable, markers]) {
    for (const [name, column] of Object.entries(table)) {
      if (Array.isArray(column)) {
        expect(column.length, name).toBe(table.length)
      }
    }
  }
  const within = (column: readonly (number | null)[], size: number, least = 0): void => {
    expect(column.every((each) => each === null || (each >= least && each < size))).toBe(true)
  }
  within(samples.stack, stackTable.length)
  within(stackTable.frame, frameTable.length)
  within(frameTable.func, funcTable.length)
  within(funcTable.name, stringArray.length)
  within(funcTable.fileName, stringArray.length)
  within(markers.name, stringArray.length)
  for (const { category } of [stackTable, frameTable, markers]) {
    within(category, meta.categories.length)
  }
  expect(stackTable.prefix.every((prefix, i) => prefix === null || prefix < i)).toBe(true)
  expect(meta.categories.every(({ color }) => COLORS.split(' ').includes(color))).toBe(true)
  const schemas = meta.markerSchema.map(({ name }) => name)
  expect(markers.data.every(({ type }) => schemas.includes(type as string))).toBe(true)
}

it('has the time of every function and state, in order of time', () => {
  fc.assert(
    fc.property(hostileSession, (data) => {
      const { samples, stackTable, frameTable, funcTable, stringArray } = rendered(data)
      const nameOf = (stack: number): string =>
        stringArray[funcTable.name[frameTable.func[stackTable.frame[stack]!]!]!]!
      const entries = samples.stack.map(
        (stack, i) => [nameOf(stack!), Math.round(samples.weight[i]! * 1000)] as const
      )
      const expected = selfTimes(data)
      // Time on the processor at the root is the request's own.
      const { '[self]': request = 0, ...others } = expected
      expect(sumTimes(entries)).toEqual(
        sumTimes([...Object.entries(others), [data.meta.description, request]])
      )
      expect(samples.weightType).toBe('tracing-ms')
      expect([...samples.time].sort((a, b) => a! - b!)).toEqual(samples.time)
    })
  )
})

it('holds stacks of 5,000 frames', () => {
  expect(rendered(deepSession).samples.weight).toEqual([5, 2])
})

it('shows waits and spans as markers, and the line that waits as their cause', () => {
  const data = buildSession('handler;load@src/db.ts:3#5;[await] 4\nhandler 2', {
    waits: [{ path: 'handler;load@src/db.ts:3#5', start: 0, awaited: 1, end: 4 }],
    spans: [{ name: 'auth', kind: 'middleware', start: 0, end: 6 }],
  })
  const { markers, stackTable, frameTable } = rendered(data)
  expect(markers.data).toEqual([
    { type: 'Span', name: 'auth', kind: 'middleware' },
    {
      type: 'Wait',
      name: 'load@src/db.ts:3#5',
      started: 1,
      critical: 'yes',
      cause: { time: 4, stack: 2 },
    },
  ])
  expect([markers.startTime, markers.endTime]).toEqual([
    [0, 1],
    [6, 4],
  ])
  expect(frameTable.line[stackTable.frame[2]!]).toBe(5)
})

it('colours what the request did by whose code it is, and what it waited for', () => {
  const { samples, stackTable, meta } = rendered(
    buildSession(
      'handler 1\nhandler;lib:pg/query 1\nhandler;[await] 1\nhandler;[gc] 1\nhandler;[blocked] 1'
    )
  )
  const names = samples.stack.map((stack) => meta.categories[stackTable.category[stack!]!]!.name)
  expect(names).toEqual(['Application', 'Library', 'Waiting', 'Garbage collection', 'Blocked'])
})
