import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { importCpuProfile } from '../../src/normalize/import-cpuprofile.ts'
import { cpuProfileRenderer } from '../../src/render/cpuprofile.ts'
import { checkSession } from '../../src/session/check.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { readSession } from '../../src/store/read-session.ts'
import { buildSession } from '../helpers/build-session.ts'
import { deepSession, hostileSession } from '../helpers/hostile-session.ts'
import { sampleTexts, selfTimes, sumTimes } from '../helpers/self-times.ts'

interface CpuProfile {
  nodes: {
    id: number
    callFrame: Record<string, string | number>
    hitCount: number
    children: number[]
    positionTicks?: { line: number; ticks: number }[]
  }[]
  startTime: number
  endTime: number
  samples: number[]
  timeDeltas: number[]
  lines: number[]
}

const text = (data: SessionData): string => cpuProfileRenderer().render(new Session(data))
const rendered = (data: SessionData): CpuProfile => JSON.parse(text(data)) as CpuProfile

describe('export', () => {
  it('gives every sample the time until the next one, exactly', () => {
    fc.assert(
      fc.property(hostileSession, (data) => {
        const { nodes, samples, timeDeltas, startTime, endTime } = rendered(data)
        const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]))
        const entries = samples.map(
          (id, i) => [String(names.get(id)), timeDeltas[i + 1] ?? 0] as const
        )
        expect(sumTimes(entries)).toEqual(selfTimes(data))
        expect(timeDeltas[0]).toBe(0)
        expect(endTime - startTime).toBe(Math.round(data.meta.duration * 1000))
      })
    )
  })

  it('numbers its nodes breadth first from 1, as VS Code takes ids for positions', () => {
    fc.assert(
      fc.property(hostileSession, (data) => {
        const { nodes } = rendered(data)
        const order = [1, ...nodes.flatMap(({ children }) => children)]
        expect(order).toEqual(nodes.map((_, i) => i + 1))
        expect(nodes.map(({ id }) => id)).toEqual(order)
      })
    )
  })

  it('counts the samples of each node, in all and by line', () => {
    const { nodes, lines } = rendered(
      buildSession('handler#3 1\nhandler#4 1\nhandler#3;load@src/db.ts:7#8;[await] 5\nhandler#3 1')
    )
    const [root, handler, load, wait] = nodes
    expect(root!.callFrame).toMatchObject({ functionName: '(root)', lineNumber: -1 })
    expect(handler).toMatchObject({
      hitCount: 3,
      positionTicks: [
        { line: 3, ticks: 2 },
        { line: 4, ticks: 1 },
      ],
      callFrame: { functionName: 'handler', url: 'file:///project/src/app.ts', lineNumber: 0 },
    })
    expect(load).toMatchObject({ hitCount: 0 })
    expect(wait!.callFrame).toEqual({
      functionName: '[await]',
      scriptId: '0',
      url: 'file:///project/src/db.ts',
      lineNumber: 7,
      columnNumber: -1,
    })
    expect(lines).toEqual([3, 4, 8, 3, 0])
  })
})

describe('import of an export', () => {
  it('loses nothing but the lines of callers', () => {
    fc.assert(
      fc.property(hostileSession, (data) => {
        const imported = importCpuProfile(text(data)).data
        checkSession(imported)
        expect(sampleTexts(imported)).toEqual(sampleTexts(data))
        expect(imported.meta).toEqual(data.meta)
      })
    )
  })

  it('holds stacks of 5,000 frames', () => {
    expect(sampleTexts(importCpuProfile(text(deepSession)).data)).toEqual(sampleTexts(deepSession))
  })

  it('is what loadSession does, from text, bytes, zipped bytes and an object', async () => {
    const data = buildSession('handler;[await] 5\nhandler 2')
    const profile = text(data)
    const bytes = new TextEncoder().encode(profile)
    for (const source of [
      profile,
      bytes,
      new Uint8Array(gzipSync(bytes)),
      JSON.parse(profile) as object,
    ]) {
      const session = await readSession(source, { description: 'profile.cpuprofile' })
      expect(session.meta).toEqual(data.meta)
    }
  })
})

describe('import of V8’s own profile', () => {
  const node = (id: number, functionName: string, children: number[] = []) => ({
    id,
    callFrame: {
      functionName,
      scriptId: '1',
      url: 'file:///project/a.js',
      lineNumber: 4,
      columnNumber: 0,
    },
    children,
  })
  const profile = {
    nodes: [
      { ...node(1, '(root)', [2]), callFrame: { ...node(1, '(root)').callFrame, url: '' } },
      node(2, 'work'),
    ],
    startTime: 10,
    endTime: 3010,
    samples: [2, 2, 2],
    timeDeltas: [0, 1000, 1000],
  }

  it('takes its description where the profile has none', () => {
    expect(importCpuProfile(profile).meta.description).toBe('imported profile')
    const session = importCpuProfile(profile, { description: 'nightly', projectRoot: '/project' })
    expect(session.meta).toMatchObject({ description: 'nightly', runtime: 'v8', duration: 2.5 })
    expect(session.flat()[0]).toMatchObject({ function: 'work', file: '/project/a.js', line: 5 })
    expect(session.data.functions[0]!.fileShort).toBe('a.js')
  })

  it.each([
    ['text that is not JSON', 'nodes', 'the text is not JSON'],
    ['no nodes', {}, "it has no list 'nodes'"],
    ['empty nodes', { ...profile, nodes: [] }, "its list 'nodes' is empty"],
    ['no samples', { ...profile, samples: undefined }, 'it has no samples with their times'],
    ['other lengths', { ...profile, samples: [2] }, 'it has 1 samples, but 3 timeDeltas'],
    ['unknown nodes', { ...profile, samples: [2, 9, 2] }, 'samples[1] points at node 9'],
    [
      'times that are text',
      { ...profile, timeDeltas: [0, '1', 2] },
      'timeDeltas[1] is not a number',
    ],
    [
      'a circle',
      { ...profile, nodes: [node(1, 'a', [2]), node(2, 'b', [1])] },
      'node 1 is called twice',
    ],
    ['nodes apart', { ...profile, nodes: [node(1, 'a'), node(2, 'b')] }, 'not all of its nodes'],
    [
      'one id twice',
      { ...profile, nodes: [node(1, 'a'), node(1, 'b')] },
      'two of its nodes have one id',
    ],
    [
      'children there are not',
      { ...profile, nodes: [node(1, 'a', [3]), node(2, 'b')] },
      'calls node 3',
    ],
    ['no call frame', { ...profile, nodes: [{ id: 1 }] }, 'nodes[0] has no callFrame'],
  ])('refuses %s', (_what, json, message) => {
    expect(() => importCpuProfile(json)).toThrow(message)
    expect(() => importCpuProfile(json)).toThrow(TypeError)
  })
})
