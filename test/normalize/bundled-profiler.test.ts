import { expect, it } from 'vitest'
import { markedFrames } from '../../src/normalize/bundled-profiler.ts'

/** The application's functions in a stack of names. */
function applications(stack: string): string {
  const names = stack.split(' ')
  const isOwn = markedFrames(names)
  return names.filter((_name, i) => !isOwn[i]).join(' ')
}

it.each([
  ['root honoProfilerServe a b honoProfilerWork handler', 'root handler'],
  // esbuild's `keepNames` takes the name of the frame that calls the handler.
  ['root honoProfilerServe honoProfilerServe a handler', 'root a handler'],
  [
    'timing honoProfilerNext callback dispatch honoProfilerSpan a Object.honoProfilerSpan b honoProfilerWork c.honoProfilerWork handler',
    'timing handler',
  ],
  // As JavaScriptCore shows it.
  [
    'timing honoProfilerNext dispatch honoProfilerSpan run honoProfilerWork get load',
    'timing get load',
  ],
  // Hono calls what the application says it to when a handler throws.
  ['timing honoProfilerNext callback dispatch onError', 'timing callback dispatch onError'],
  [
    'timing honoProfilerNext callback dispatch onError honoProfilerApi span honoProfilerSpan honoProfilerWork work',
    'timing callback dispatch onError work',
  ],
  ['handler honoProfilerHook a b', 'handler a b'],
  ['handler honoProfilerApi fetch patched', 'handler fetch patched'],
  ['honoProfilerBody read pull', 'read pull'],
  [
    'handler honoProfilerSpan_1_2 myHonoProfilerWork',
    'handler honoProfilerSpan_1_2 myHonoProfilerWork',
  ],
])('of %s are the application’s: %s', (stack, expected) => {
  expect(applications(stack)).toBe(expected)
})
