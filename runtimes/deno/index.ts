/**
 * hono-profiler on Deno.
 *
 * @module
 */

import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { installFileSystem } from '../../src/store/file-system.ts'
import { denoRuntime } from './runtime.ts'

installFileSystem(denoRuntime.fileSystem!)

const bound: Profiler = createProfiler(denoRuntime)

export const profiler: Profiler['profiler'] = bound.profiler
export const instrument: Profiler['instrument'] = bound.instrument
export const profile: Profiler['profile'] = bound.profile
export const span: Profiler['span'] = bound.span
export * from '../../src/index.ts'
