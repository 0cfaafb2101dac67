import fc from 'fast-check'
import { Profile, StringTable } from 'pprof-format'
import { describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { importPprof } from '../../src/normalize/import-pprof.ts'
import { pprofRenderer } from '../../src/render/pprof.ts'
import { checkSession } from '../../src/session/check.ts'
import type { SessionData } from '../../src/session/records.ts'
import { STATES } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { readSession } from '../../src/store/read-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { deepSession, hostileSession } from '../helpers/hostile-session.ts'
import type { Times } from '../helpers/self-times.ts'
import { sampleTexts, selfTimes, sumTimes } from '../helpers/self-times.ts'

const rendered = (data: SessionData): Uint8Array => pprofRenderer().render(new Session(data))

/** Self time by function, in microseconds, as the reader of another maker sees it. */
function decodedTimes(bytes: Uint8Array, value: string): Times {
  const profile = Profile.decode(bytes)
  const { strings } = profile.stringTable
  const position = profile.sampleType.findIndex(({ type }) => strings[Number(type)] === value)
  const functions = new Map(profile.function.map(({ id, name }) => [id, strings[Number(name)]!]))
  const names = new Map(
    profile.location.map(({ id, line }) => [id, functions.get(line[0]!.functionId)!])
  )
  return sumTimes(
    profile.sample.map((sample) => [
      names.get(sample.locationId[0]!)!,
      Number(sample.value[position]) / 1000,
    ])
  )
}

/** Samples of one stack in one state as one, in order of their text. */
function summed(data: SessionData): Times {
  return sumTimes(
    sampleTexts(data, { callerLines: true })
      .map((text): [string, number] => [text.replace(/ \d+$/, ''), Number(/\d+$/.exec(text)![0])])
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )
}

describe('export', () => {
  it('has the time of every function, in all and by state', () => {
    fc.assert(
      fc.property(hostileSession, (data) => {
        const bytes = rendered(data)
        expect(decodedTimes(bytes, 'time')).toEqual(selfTimes(data, { states: false }))
        for (const state of STATES) {
          const total = Object.values(decodedTimes(bytes, state)).reduce((sum, us) => sum + us, 0)
          expect(total).toBe(Math.round(data.meta.totals[state] * 1000))
        }
      })
    )
  })

  it('says when, how long and how often', () => {
    const data = buildSession('handler 5', {
      meta: { startTime: 1_700_000_000_123.456, interval: 0.5 },
    })
    const profile = Profile.decode(rendered(data))
    expect(BigInt(profile.timeNanos)).toBe(1_700_000_000_123_456_000n)
    expect([profile.durationNanos, profile.period].map(Number)).toEqual([5_000_000, 500_000])
    expect(profile.stringTable.strings[Number(profile.defaultSampleType)]).toBe('time')
  })

  it('stands when names and times are out of range', () => {
    const data = buildSession('handler 5', { meta: { startTime: 1e300, description: '\ud800' } })
    expect(decodedTimes(rendered(data), 'time')).toEqual({ handler: 5000 })
  })
})

describe('import of an export', () => {
  it('loses nothing but the order of time', () => {
    fc.assert(
      fc.property(hostileSession, (data) => {
        const imported = importPprof(rendered(data)).data
        checkSession(imported)
        expect(summed(imported)).toEqual(summed(data))
        expect(imported.meta).toEqual(data.meta)
      })
    )
  })

  it('holds stacks of 5,000 frames', () => {
    expect(summed(importPprof(rendered(deepSession)).data)).toEqual(summed(deepSession))
  })

  it('is what loadSession does, zipped or not', async () => {
    const data = buildSession('handler;[await] 5\nhandler 2')
    const bytes = rendered(data)
    for (const source of [bytes, new Uint8Array(gzipSync(bytes))]) {
      expect((await readSession(source)).meta).toEqual(data.meta)
    }
  })
})

/** A profile as another tool writes it: two functions in one location, ids of 64 bits. */
function foreignProfile(types: [type: string, unit: string][], values: number[][]): Uint8Array {
  const strings = new StringTable()
  const wide = 2n ** 63n + 7n
  return new Profile({
    stringTable: strings,
    sampleType: types.map(([type, unit]) => ({
      type: strings.dedup(type),
      unit: strings.dedup(unit),
    })),
    sample: values.map((value) => ({ locationId: [wide, 2], value })),
    location: [
      {
        id: wide,
        line: [
          { functionId: 1, line: 12 },
          { functionId: 2, line: 34 },
        ],
      },
      { id: 2, line: [{ functionId: 3, line: 56 }] },
    ],
    function: ['inlined', 'holder', 'main'].map((name, i) => ({
      id: i + 1,
      name: strings.dedup(name),
      filename: strings.dedup('/project/main.go'),
      startLine: (i + 1) * 10,
    })),
    periodType: { type: strings.dedup('cpu'), unit: strings.dedup('nanoseconds') },
    period: 10_000_000,
  }).encode()
}

describe('import of another tool’s profile', () => {
  const CPU_TYPES: [string, string][] = [
    ['samples', 'count'],
    ['cpu', 'nanoseconds'],
  ]

  it('reads times, stacks with inlined functions, and the interval', () => {
    const session = importPprof(
      foreignProfile(CPU_TYPES, [
        [3, 30_000_400],
        [1, 10_000_400],
      ]),
      {
        projectRoot: '/project',
      }
    )
    checkSession(session.data)
    expect(session.meta).toMatchObject({
      description: 'imported profile',
      runtime: 'pprof',
      duration: 40.001,
      interval: 10,
      sampleCount: 4,
      fidelity: { cpu: "the value 'cpu' of a pprof profile" },
    })
    expect(session.hotPaths()).toEqual([
      { time: 40.001, path: 'main main.go:30 → holder main.go:20 → inlined main.go:10' },
    ])
    expect(session.data.stacks.line).toEqual([56, 34, 12])
  })

  it('refuses profiles without times', () => {
    const heap = foreignProfile([['inuse_space', 'bytes']], [[1]])
    expect(() => importPprof(heap)).toThrow('holds no times, but inuse_space in bytes')
  })

  it('refuses zipped bytes, with what to do', () => {
    expect(() => importPprof(gzipSync(foreignProfile(CPU_TYPES, [])))).toThrow(
      'give the bytes to loadSession'
    )
  })

  it('throws nothing but TypeErrors, whatever the bytes', () => {
    const bytes = foreignProfile(CPU_TYPES, [[3, 30_000_000]])
    const damage = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length))
    fc.assert(
      fc.property(damage, ([at, byte, length]) => {
        const damaged = bytes.slice(0, length)
        damaged[at] = byte
        try {
          checkSession(importPprof(damaged).data)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          expect(String(error)).toMatch(/pprof profile/)
        }
      }),
      { numRuns: 500 }
    )
  })

  it('refuses damaged zips', async () => {
    await expect(readSession(new Uint8Array([0x1f, 0x8b, 8, 0, 1]))).rejects.toThrow('is damaged')
  })
})
