import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProcessorOptions } from '../src/processors.ts'
import { groupLibraryFrames, processTree } from '../src/processors.ts'
import type { Frame } from '../src/session/frame.ts'
import { walk } from '../src/session/frame.ts'
import { buildCallTree } from '../src/session/tree.ts'
import { arbitraryOptions, arbitrarySession } from './helpers/arbitrary-session.ts'
import { frameNamed, processed } from './helpers/processed.ts'

describe('groupLibraryFrames', () => {
  const text = [
    'lib:hono/dispatch;lib:hono/compose;handler;lib:zod/parse;[await] 5',
    'lib:hono/dispatch;lib:hono/compose;lib:@hono/etag/digest;runtime:read 3',
    'lib:hono/dispatch;[await] 2',
  ].join('\n')

  it('groups connected frames outside application code', () => {
    const root = processed(groupLibraryFrames, text)
    const group = frameNamed(root, 'dispatch').group!
    expect(group.root).toBe(frameNamed(root, 'dispatch'))
    expect(group.frames.map((frame) => frame.function)).toEqual([
      'dispatch',
      'compose',
      'digest',
      'read',
    ])
    expect(group.frames.every((frame) => frame.group === group)).toBe(true)
    expect(group.exitFrames).toEqual([frameNamed(root, 'compose')])
    expect(group.libraries).toEqual(['hono', '@hono/etag', 'node:internal'])
  })

  it('puts synthetic leaves in the group of the frame that holds them', () => {
    const root = processed(groupLibraryFrames, text)
    const { group, children } = frameNamed(root, 'dispatch')
    const leaf = children.find((child) => child.isSynthetic)!
    expect(leaf.group).toBe(group)
    expect(group!.frames).not.toContain(leaf)
  })

  it('leaves the request, application code and single library frames alone', () => {
    const root = processed(groupLibraryFrames, text)
    for (const frame of [root, frameNamed(root, 'handler'), frameNamed(root, 'parse')]) {
      expect(frame.group).toBeUndefined()
      expect(frame.children.every((child) => child.group !== frame.group || !child.group)).toBe(
        true
      )
    }
  })

  it('starts a new group below application code', () => {
    const root = processed(groupLibraryFrames, 'lib:a/f;lib:a/g;h;lib:b/i;lib:b/j 1')
    const groups = ['f', 'g', 'h', 'i', 'j'].map((name) => frameNamed(root, name).group?.id)
    expect(groups).toEqual([1, 1, undefined, 2, 2])
  })

  const own = 'handler@src/app.ts:1;low@src/db/low.ts:1;lower@src/db/lower.ts:1;lib:pg/query 1'
  const grouped = (options: ProcessorOptions): string[] => {
    const root = processed(groupLibraryFrames, own, options)
    return [...walk(root)].filter((frame) => frame.group).map((frame) => frame.function)
  }

  it.each<[string, ProcessorOptions, string[]]>([
    ['nothing set', {}, []],
    ['hide as text', { hide: '/db/' }, ['low', 'lower', 'query', '[self]']],
    ['hide as pattern', { hide: /db\/low(er)?\.ts$/g }, ['low', 'lower', 'query', '[self]']],
    ['hide of one more frame', { hide: 'lower.ts' }, ['lower', 'query', '[self]']],
    ['show before hide', { hide: 'src/', show: /lower/ }, ['handler', 'low']],
    ['show of libraries', { hide: '/db/', show: 'node_modules/pg' }, ['low', 'lower']],
    ['empty text', { hide: '', show: '' }, []],
  ])('with %s', (_what, options, names) => {
    expect(grouped(options)).toEqual(names)
  })

  it('makes groups whose frames, exits and leaves fit together', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.boolean(), arbitraryOptions, (data, timeline, options) => {
        const root = processTree(buildCallTree(data, { timeline }), { ...options, timeline })
        for (const frame of walk(root)) {
          expectGroupToFit(frame)
        }
      })
    )
  })
})

function expectGroupToFit(frame: Frame): void {
  const { group } = frame
  if (!group) {
    return
  }
  if (frame.isSynthetic) {
    expect(frame.parent!.group).toBe(group)
    return
  }
  const calls = frame.children.filter((child) => !child.isSynthetic)
  expect(group.frames).toContain(frame)
  expect(group.frames.length).toBeGreaterThanOrEqual(2)
  expect(frame === group.root || frame.parent!.group === group).toBe(true)
  expect(group.exitFrames.includes(frame)).toBe(calls.some((child) => child.group !== group))
}
