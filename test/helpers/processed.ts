import { expect } from 'vitest'
import type { Processor, ProcessorOptions } from '../../src/processors.ts'
import { checkTree } from '../../src/session/check.ts'
import type { Frame } from '../../src/session/frame.ts'
import { walk } from '../../src/session/frame.ts'
import { buildCallTree } from '../../src/session/tree.ts'
import { buildSession } from './build-session.ts'

/** The tree of a session, as `buildSession` reads it, after one processor; checked before and after. */
export function processed(
  processor: Processor,
  text: string,
  options: ProcessorOptions & { timeline?: boolean } = {}
): Frame {
  const root = buildCallTree(buildSession(text), options)
  const { time } = root
  checkTree(root, time)
  expect(processor(root, options)).toBe(root)
  checkTree(root, time)
  return root
}

/** The first frame of that name. */
export function frameNamed(root: Frame, name: string): Frame {
  return [...walk(root)].find((frame) => frame.function === name)!
}
