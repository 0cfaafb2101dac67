/**
 * hono-profiler on Bun.
 *
 * @module
 */

import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { installFileSystem } from '../../src/store/file-system.ts'
import { bunRuntime } from './runtime.ts'

installFileSystem(bunRuntime.fileSystem!)

const bound: Profiler = createProfiler(bunRuntime)

export const profiler: Profiler['profiler'] = bound.profiler
export const instrument: Profiler['instrument'] = bound.instrument
export const profile: Profiler['profile'] = bound.profile
export const span: Profiler['span'] = bound.span
export * from '../../src/index.ts'
