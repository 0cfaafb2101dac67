/**
 * hono-profiler on Node.
 *
 * @module
 */

import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { installFileSystem } from '../../src/store/file-system.ts'
import { nodeRuntime } from './runtime.ts'

installFileSystem(nodeRuntime.fileSystem!)

const bound: Profiler = createProfiler(nodeRuntime)

export const profiler: Profiler['profiler'] = bound.profiler
export const instrument: Profiler['instrument'] = bound.instrument
export const profile: Profiler['profile'] = bound.profile
export const span: Profiler['span'] = bound.span
export * from '../../src/index.ts'
