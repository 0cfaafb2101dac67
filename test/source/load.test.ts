import { beforeEach, expect, it, vi } from 'vitest'
import type { Capture, CapturedFunction, LoadedSources, SourceFiles } from '../../src/adapter.ts'
import { readFunctions } from '../../src/source/functions.ts'
import { loadSources } from '../../src/source/load.ts'
import { buildCapture } from '../helpers/build-capture.ts'

vi.mock('../../src/source/functions.ts', { spy: true })

const parses = vi.mocked(readFunctions)

beforeEach(() => {
  parses.mockClear()
})

/** What is loaded of a recording that saw these functions. */
function load(
  functions: readonly CapturedFunction[],
  files: Partial<SourceFiles>
): Promise<LoadedSources> {
  const frames = functions.map((fn) => ({ function: fn, line: 0, column: 0 }))
  const built = buildCapture({ end: 1, segments: [], samples: [[0, 'root']] })
  const capture: Capture = { ...built, samples: { ...built.samples, frames: () => frames } }
  const all: SourceFiles = {
    map: () => Promise.resolve(undefined),
    text: () => Promise.resolve(undefined),
    breathe: () => Promise.resolve(),
    load: () => Promise.resolve({ loadSources }),
    ...files,
  }
  return loadSources(capture, all, { projectRoot: '/app', ownFiles: [] }, (work) => work())
}

it('parses files of functions without a position once each', async () => {
  const text = 'export const a = 1\nexport function first() {}\nexport function second() {}\n'
  const functions = ['/app/named-a.ts', '/app/named-b.ts'].flatMap((url) =>
    ['first', 'second'].map((name) => ({ name, url, line: 0, column: 0 }))
  )
  const { lookup } = await load(functions, { text: () => Promise.resolve(text) })
  expect(lookup.functions('/app/named-b.ts')?.named('second')?.line).toBe(3)
  expect(parses).toHaveBeenCalledTimes(2)
})

it('finds a text that only a map holds, also where an engine leads to the file', async () => {
  const map = { version: 3, mappings: 'AAAA', sources: ['an%20order.ts'], sourcesContent: ['text'] }
  const functions = ['file:///app/order.js', '/app/an order.ts'].map((url) => ({
    name: 'load',
    url,
    line: 1,
    column: 1,
  }))
  const sources = await load(functions, {
    map: (url) => Promise.resolve(url.endsWith('.js') ? { map, url } : undefined),
  })
  expect(sources.text('/app/an order.ts')).toBe('text')
})
